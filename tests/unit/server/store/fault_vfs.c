/* The shim. A file of ours is our struct followed by the system's own; every method but xWrite and
 * xSync only forwards. The state is process-wide, as SQLite's list of VFSs is: a test program that
 * uses it runs its cases one after the other. */
#include "tests/unit/server/store/fault_vfs.h"

#include <sqlite3.h>
#include <string.h>

typedef struct {
    sqlite3_file base;
    sqlite3_file *real; /* behind this struct */
} FaultFile;

static sqlite3_vfs fault_vfs;
static sqlite3_vfs *real_vfs;
static GMutex mutex; /* guards what follows */
static FaultKind armed_kind;
static int countdown; /* 0: not armed */
static gboolean fired;

#define REAL(file) (((FaultFile *)(file))->real)
#define CALL(file, method, ...) REAL(file)->pMethods->method(REAL(file), ##__VA_ARGS__)

typedef enum { AT_WRITE, AT_SYNC, AT_ALLOCATION } Moment;

static Moment moment_of(FaultKind kind)
{
    return kind == FAULT_SYNC_ERROR ? AT_SYNC : kind == FAULT_NO_MEMORY ? AT_ALLOCATION : AT_WRITE;
}

static gboolean fault_now(Moment moment)
{
    g_mutex_lock(&mutex);
    gboolean counts = countdown > 0 && moment == moment_of(armed_kind);
    gboolean now = counts && --countdown == 0;
    fired = fired || now;
    g_mutex_unlock(&mutex);
    return now;
}

static int fault_write(sqlite3_file *file, const void *data, int size, sqlite3_int64 offset)
{
    if (!fault_now(AT_WRITE)) {
        return CALL(file, xWrite, data, size, offset);
    }
    if (armed_kind == FAULT_TORN_WRITE) {
        CALL(file, xWrite, data, size / 2, offset);
    }
    return armed_kind == FAULT_WRITE_FULL ? SQLITE_FULL : SQLITE_IOERR_WRITE;
}

static int fault_sync(sqlite3_file *file, int flags)
{
    return fault_now(AT_SYNC) ? SQLITE_IOERR_FSYNC : CALL(file, xSync, flags);
}

static int fault_close(sqlite3_file *file)
{
    return CALL(file, xClose);
}

static int fault_read(sqlite3_file *file, void *data, int size, sqlite3_int64 offset)
{
    return CALL(file, xRead, data, size, offset);
}

static int fault_truncate(sqlite3_file *file, sqlite3_int64 size)
{
    return CALL(file, xTruncate, size);
}

static int fault_file_size(sqlite3_file *file, sqlite3_int64 *size)
{
    return CALL(file, xFileSize, size);
}

static int fault_lock(sqlite3_file *file, int level)
{
    return CALL(file, xLock, level);
}

static int fault_unlock(sqlite3_file *file, int level)
{
    return CALL(file, xUnlock, level);
}

static int fault_check_lock(sqlite3_file *file, int *taken)
{
    return CALL(file, xCheckReservedLock, taken);
}

static int fault_control(sqlite3_file *file, int op, void *data)
{
    return CALL(file, xFileControl, op, data);
}

static int fault_sector_size(sqlite3_file *file)
{
    return CALL(file, xSectorSize);
}

static int fault_characteristics(sqlite3_file *file)
{
    return CALL(file, xDeviceCharacteristics);
}

static int fault_shm_map(sqlite3_file *file, int page, int size, int extend, void volatile **map)
{
    return CALL(file, xShmMap, page, size, extend, map);
}

static int fault_shm_lock(sqlite3_file *file, int offset, int n, int flags)
{
    return CALL(file, xShmLock, offset, n, flags);
}

static void fault_shm_barrier(sqlite3_file *file)
{
    CALL(file, xShmBarrier);
}

static int fault_shm_unmap(sqlite3_file *file, int remove)
{
    return CALL(file, xShmUnmap, remove);
}

static const sqlite3_io_methods methods = {
    .iVersion = 2,
    .xClose = fault_close,
    .xRead = fault_read,
    .xWrite = fault_write,
    .xTruncate = fault_truncate,
    .xSync = fault_sync,
    .xFileSize = fault_file_size,
    .xLock = fault_lock,
    .xUnlock = fault_unlock,
    .xCheckReservedLock = fault_check_lock,
    .xFileControl = fault_control,
    .xSectorSize = fault_sector_size,
    .xDeviceCharacteristics = fault_characteristics,
    .xShmMap = fault_shm_map,
    .xShmLock = fault_shm_lock,
    .xShmBarrier = fault_shm_barrier,
    .xShmUnmap = fault_shm_unmap,
};

static int fault_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags, int *out)
{
    FaultFile *ours = (FaultFile *)file;
    ours->real = (sqlite3_file *)(ours + 1);
    int rc = real_vfs->xOpen(real_vfs, name, ours->real, flags, out);
    ours->base.pMethods = rc == SQLITE_OK ? &methods : NULL;
    return rc;
}

static sqlite3_mem_methods real_memory;

static void *fault_malloc(int size)
{
    return fault_now(AT_ALLOCATION) ? NULL : real_memory.xMalloc(size);
}

static void *fault_realloc(void *old, int size)
{
    return fault_now(AT_ALLOCATION) ? NULL : real_memory.xRealloc(old, size);
}

static void replace_allocator(void)
{
    g_assert_cmpint(sqlite3_config(SQLITE_CONFIG_GETMALLOC, &real_memory), ==, SQLITE_OK);
    sqlite3_mem_methods ours = real_memory;
    ours.xMalloc = fault_malloc;
    ours.xRealloc = fault_realloc;
    g_assert_cmpint(sqlite3_config(SQLITE_CONFIG_MALLOC, &ours), ==, SQLITE_OK);
}

void fault_vfs_register(void)
{
    replace_allocator();
    real_vfs = sqlite3_vfs_find(NULL);
    fault_vfs = *real_vfs;
    fault_vfs.zName = FAULT_VFS;
    fault_vfs.szOsFile = (int)sizeof(FaultFile) + real_vfs->szOsFile;
    fault_vfs.xOpen = fault_open;
    g_assert_cmpint(sqlite3_vfs_register(&fault_vfs, 0), ==, SQLITE_OK);
}

void fault_vfs_arm(FaultKind kind, int k)
{
    g_mutex_lock(&mutex);
    armed_kind = kind;
    countdown = k;
    fired = FALSE;
    g_mutex_unlock(&mutex);
}

gboolean fault_vfs_disarm(void)
{
    g_mutex_lock(&mutex);
    countdown = 0;
    gboolean did = fired;
    g_mutex_unlock(&mutex);
    return did;
}
