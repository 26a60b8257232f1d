/* One process at a time: an open-file-description lock on "<path>.lock", held for the life of the
 * store. Unlike a plain POSIX lock it also keeps out a second store in the same process, and the
 * kernel drops it at any death of its owner. The file holds the owner's process id, for the
 * message only; it stays behind, because removing it would race with the next owner.
 */
#include "server/store/internal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static void fail_taken(int fd, const char *path, GError **error)
{
    char owner[24] = "";
    ssize_t length = pread(fd, owner, sizeof owner - 1, 0);
    owner[MAX(length, 0)] = '\0';
    g_set_error(error, CRONOTOPO_ERROR, CRONOTOPO_ERROR_CONFLICT,
                "%s is in use by another Cronotopo (process %d): stop it first", path, atoi(owner));
}

int store_lock(const char *path, GError **error)
{
    g_autofree char *name = g_strconcat(path, ".lock", NULL);
    int fd = open(name, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0) {
        store_fail_errno(errno, name, error);
        return -1;
    }
    struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    if (fcntl(fd, F_OFD_SETLK, &whole) != 0) {
        if (errno == EAGAIN || errno == EACCES) {
            fail_taken(fd, path, error);
        } else {
            store_fail_errno(errno, name, error);
        }
        close(fd);
        return -1;
    }
    char owner[24];
    int length = g_snprintf(owner, sizeof owner, "%d\n", (int)getpid());
    /* On a full disk the id is missing from a later message; the lock holds all the same. */
    if (ftruncate(fd, 0) != 0 || pwrite(fd, owner, (gsize)length, 0) != length) {
        (void)0;
    }
    return fd;
}

void store_unlock(int lock)
{
    if (lock >= 0) {
        close(lock);
    }
}
