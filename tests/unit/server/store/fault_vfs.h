/* A SQLite VFS and allocator that pass everything on to the system's and fail on order: the k-th
 * write, sync or allocation from when they are armed. One-shot: the next ones work again.
 * Thread-safe. */
#pragma once

#include <glib.h>

typedef enum {
    FAULT_WRITE_FULL,  /* a write gives SQLITE_FULL */
    FAULT_WRITE_ERROR, /* a write gives SQLITE_IOERR_WRITE */
    FAULT_TORN_WRITE,  /* as above, after half of it was written */
    FAULT_SYNC_ERROR,  /* a sync gives SQLITE_IOERR_FSYNC */
    FAULT_NO_MEMORY,   /* an allocation gives none */
    FAULT_KINDS
} FaultKind;

#define FAULT_VFS "fault"

/* Before anything else of SQLite. */
void fault_vfs_register(void);
void fault_vfs_arm(FaultKind kind, int k); /* k from 1 */
/* Stops failing; TRUE where it did fail since it was armed. */
gboolean fault_vfs_disarm(void);
