/* A SQLite VFS that passes everything on to the system's and fails on order: the k-th write or
 * sync from when it is armed. One-shot: the next ones work again. Thread-safe. */
#pragma once

#include <glib.h>

typedef enum {
    FAULT_WRITE_FULL,  /* a write gives SQLITE_FULL */
    FAULT_WRITE_ERROR, /* a write gives SQLITE_IOERR_WRITE */
    FAULT_TORN_WRITE,  /* as above, after half of it was written */
    FAULT_SYNC_ERROR,  /* a sync gives SQLITE_IOERR_FSYNC */
    FAULT_KINDS
} FaultKind;

#define FAULT_VFS "fault"

void fault_vfs_register(void);
void fault_vfs_arm(FaultKind kind, int k); /* k from 1 */
/* Stops failing; TRUE where it did fail since it was armed. */
gboolean fault_vfs_disarm(void);
