/* Loaded with LD_PRELOAD: writes down, in one order for all processes, what they do to the files below one
 * directory, and lets operations fail on request. tests/faults/recorder.py has the other side.
 *
 * RECORDER_ROOT     the directory whose files are recorded
 * RECORDER_LOG      where records are appended
 * RECORDER_LEDGER   a file whose writes are recorded as what was acknowledged
 * RECORDER_OUTPUT   if set, writes to standard output are recorded as what was acknowledged
 * RECORDER_CONTROL  a page that says which operations fail (struct control)
 *
 * System calls are made directly: nothing here can meet another interposed function.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

enum kind { CREATE = 1, MAKE_DIRECTORY, WRITE, TRUNCATE, EXTEND, RENAME, LINK, REMOVE,
            SYNC_BEGIN, SYNC_END, ACKNOWLEDGE, UNRECORDABLE };

/* Kinds of operations that can be made to fail. */
enum { WRITES = 1, NAMES = 2, SYNCS = 4 };

struct record {
    uint32_t kind, process;
    uint64_t node, directory, other_directory, offset, length;
    uint32_t name, other_name, data, padding;
};

struct control {
    uint64_t kinds, first, count, error;  /* which fail, from which on, how many, with which errno */
    uint64_t seen, failed;                /* how many came by, how many failed */
    char pattern[256];                    /* of the path below the root */
};

static const char *root, *ledger;
static size_t root_length;
static int log_handle = -1, output_told;
static struct control *control;
static pthread_mutex_t threads = PTHREAD_MUTEX_INITIALIZER;

/* One process and one thread at a time. A record lock belongs to the process and falls with it. */
static void lock(void) {
    struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    int before = errno;
    pthread_mutex_lock(&threads);
    while (log_handle >= 0 && syscall(SYS_fcntl, log_handle, F_SETLKW, &whole) < 0 && errno == EINTR) {}
    errno = before;
}

static void unlock(void) {
    struct flock whole = {.l_type = F_UNLCK, .l_whence = SEEK_SET};
    int before = errno;
    if (log_handle >= 0) syscall(SYS_fcntl, log_handle, F_SETLK, &whole);
    pthread_mutex_unlock(&threads);
    errno = before;
}

static void before_fork(void) { pthread_mutex_lock(&threads); }
static void after_fork(void) { pthread_mutex_unlock(&threads); }

__attribute__((constructor)) static void begin(void) {
    const char *log = getenv("RECORDER_LOG"), *page = getenv("RECORDER_CONTROL");
    root = getenv("RECORDER_ROOT");
    ledger = getenv("RECORDER_LEDGER");
    output_told = getenv("RECORDER_OUTPUT") != NULL;
    if (!root || !log) { root = NULL; return; }
    root_length = strlen(root);
    int handle = syscall(SYS_openat, AT_FDCWD, log, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
    log_handle = syscall(SYS_fcntl, handle, F_DUPFD_CLOEXEC, 800);
    syscall(SYS_close, handle);
    if (page) {
        handle = syscall(SYS_openat, AT_FDCWD, page, O_RDWR | O_CLOEXEC, 0);
        void *at = mmap(NULL, sizeof *control, PROT_READ | PROT_WRITE, MAP_SHARED, handle, 0);
        control = at == MAP_FAILED ? NULL : at;
        syscall(SYS_close, handle);
    }
    pthread_atfork(before_fork, after_fork, after_fork);
}

static int is_below(const char *path) {
    return root && strncmp(path, root, root_length) == 0 && (path[root_length] == '/' || !path[root_length]);
}

/* Where an open handle's file lies; 0 when it is not one of ours. A FIFO keeps nothing. */
static int path_of(int handle, char *path) {
    char link[64];
    int before = errno;
    struct stat found;
    path[0] = 0;
    if (!root || fstat(handle, &found) || !(S_ISREG(found.st_mode) || S_ISDIR(found.st_mode))) {
        errno = before;
        return 0;
    }
    snprintf(link, sizeof link, "/proc/self/fd/%d", handle);
    ssize_t length = root ? syscall(SYS_readlinkat, AT_FDCWD, link, path, PATH_MAX - 1) : -1;
    errno = before;
    path[length < 0 ? 0 : length] = 0;
    return length > 0 && is_below(path);
}

static int absolute(int directory, const char *name, char *path) {
    if (!root || !name) return 0;
    if (name[0] == '/') {
        if (strlen(name) >= PATH_MAX) return 0;
        strcpy(path, name);
    } else {
        char base[PATH_MAX], link[64];
        int before = errno;
        if (directory == AT_FDCWD) strcpy(link, "/proc/self/cwd");
        else snprintf(link, sizeof link, "/proc/self/fd/%d", directory);
        ssize_t length = syscall(SYS_readlinkat, AT_FDCWD, link, base, sizeof base - 1);
        errno = before;
        if (length < 0 || length + strlen(name) + 2 > PATH_MAX) return 0;
        base[length] = 0;
        memcpy(path, base, length);
        path[length] = '/';
        strcpy(path + length + 1, name);
    }
    return is_below(path);
}

static int stat_path(const char *path, struct stat *found) {
    int before = errno, failed = fstatat(AT_FDCWD, path, found, AT_SYMLINK_NOFOLLOW);
    errno = before;
    return failed ? 0 : 1;
}

static uint64_t node_at(const char *path) {
    struct stat found;
    return stat_path(path, &found) ? found.st_ino : 0;
}

static uint64_t node_of(int handle) {
    struct stat found;
    int before = errno, failed = fstat(handle, &found);
    errno = before;
    return failed ? 0 : found.st_ino;
}

static uint64_t parent_of(const char *path) {
    char parent[PATH_MAX];
    strcpy(parent, path);
    *strrchr(parent, '/') = 0;
    return node_at(parent);
}

static const char *last(const char *path) { return strrchr(path, '/') + 1; }

static void put(struct record *one, const char *name, const char *other, const void *data, size_t length) {
    int before = errno;
    one->process = getpid();
    one->name = name ? strlen(name) : 0;
    one->other_name = other ? strlen(other) : 0;
    one->data = length;
    struct iovec parts[] = {{one, sizeof *one}, {(void *)name, one->name}, {(void *)other, one->other_name},
                            {(void *)data, length}};
    syscall(SYS_writev, log_handle, parts, 4);
    errno = before;
}

/* Whether this operation is one of those that have to fail; errno says how. */
static int must_fail(int kind, const char *path) {
    if (!control || !(control->kinds & kind)) return 0;
    if (fnmatch(control->pattern, path + root_length + (path[root_length] == '/'), 0)) return 0;
    uint64_t number = ++control->seen;
    if (number < control->first || number >= control->first + control->count) return 0;
    control->failed++;
    errno = (int)control->error;
    return 1;
}

/* Files come to be, get bytes, get and lose names. */

static int opened(int directory, const char *name, int flags, mode_t mode) {
    char path[PATH_MAX];
    if (!(flags & (O_CREAT | O_TRUNC)) || (flags & O_TMPFILE) == O_TMPFILE || !absolute(directory, name, path))
        return syscall(SYS_openat, directory, name, flags, mode);
    lock();
    struct stat before;
    int existed = stat_path(path, &before), handle = -1;
    if (existed || !must_fail(NAMES, path)) handle = syscall(SYS_openat, directory, name, flags, mode);
    if (handle >= 0 && !existed) {
        struct record one = {.kind = CREATE, .node = node_of(handle), .directory = parent_of(path)};
        put(&one, last(path), NULL, NULL, 0);
    } else if (handle >= 0 && (flags & O_TRUNC) && before.st_size) {
        struct record one = {.kind = TRUNCATE, .node = before.st_ino};
        put(&one, NULL, NULL, NULL, 0);
    }
    unlock();
    return handle;
}

#define MODE(flags) \
    mode_t mode = 0; \
    if ((flags & O_CREAT) || (flags & O_TMPFILE) == O_TMPFILE) { \
        va_list more; va_start(more, flags); mode = va_arg(more, mode_t); va_end(more); }

int open(const char *name, int flags, ...) { MODE(flags) return opened(AT_FDCWD, name, flags, mode); }
int open64(const char *name, int flags, ...) { MODE(flags) return opened(AT_FDCWD, name, flags, mode); }
int openat(int at, const char *name, int flags, ...) { MODE(flags) return opened(at, name, flags, mode); }
int openat64(int at, const char *name, int flags, ...) { MODE(flags) return opened(at, name, flags, mode); }
int creat(const char *name, mode_t mode) { return opened(AT_FDCWD, name, O_CREAT | O_WRONLY | O_TRUNC, mode); }
int creat64(const char *name, mode_t mode) { return creat(name, mode); }

/* A write at a place, or where the handle stands when offset is -1. */
static ssize_t written(int handle, const struct iovec *parts, int count, off_t offset) {
    char path[PATH_MAX];
    int at_place = offset >= 0;
    int is_output = output_told && handle == 1;
    int is_ours = !is_output && path_of(handle, path);
    int is_ledger = is_output || (ledger && !is_ours && strcmp(path, ledger) == 0);
    if (!is_ours && !is_ledger)
        return at_place ? syscall(SYS_pwritev, handle, parts, count, offset, 0)
                        : syscall(SYS_writev, handle, parts, count);
    size_t whole = 0;
    for (int n = 0; n < count; n++) whole += parts[n].iov_len;
    char *bytes = malloc(whole ? whole : 1), *end = bytes;
    for (int n = 0; n < count; n++) end = mempcpy(end, parts[n].iov_base, parts[n].iov_len);
    lock();
    ssize_t done = -1;
    size_t wanted = whole;
    if (is_ours && must_fail(WRITES, path)) wanted = errno == ENOSPC && whole > 1 ? whole / 2 : 0;
    /* A disk that fills up takes a part first, and refuses what is left of it. */
    if (wanted || !whole)
        done = at_place ? syscall(SYS_pwrite64, handle, bytes, wanted, offset)
                        : syscall(SYS_write, handle, bytes, wanted);
    if (done > 0 || is_ledger) {
        if (!at_place && is_ours) offset = syscall(SYS_lseek, handle, 0, SEEK_CUR) - done;
        struct record one = {.kind = is_ledger ? ACKNOWLEDGE : WRITE, .node = node_of(handle), .offset = offset};
        put(&one, NULL, NULL, bytes, done < 0 ? 0 : done);
    }
    unlock();
    free(bytes);
    return done;
}

ssize_t write(int handle, const void *bytes, size_t length) {
    struct iovec one = {(void *)bytes, length};
    return written(handle, &one, 1, -1);
}
ssize_t pwrite(int handle, const void *bytes, size_t length, off_t offset) {
    struct iovec one = {(void *)bytes, length};
    return written(handle, &one, 1, offset);
}
ssize_t pwrite64(int handle, const void *bytes, size_t length, off_t offset) {
    return pwrite(handle, bytes, length, offset);
}
ssize_t writev(int handle, const struct iovec *parts, int count) { return written(handle, parts, count, -1); }
ssize_t pwritev(int handle, const struct iovec *parts, int count, off_t offset) {
    return written(handle, parts, count, offset);
}
ssize_t pwritev64(int handle, const struct iovec *parts, int count, off_t offset) {
    return written(handle, parts, count, offset);
}
ssize_t pwritev2(int handle, const struct iovec *parts, int count, off_t offset, int flags) {
    (void)flags;
    return written(handle, parts, count, offset);
}

/* Copies within the kernel are refused: whoever tries falls back to reading and writing. */
ssize_t sendfile(int out, int in, off_t *offset, size_t count) {
    char path[PATH_MAX];
    if (path_of(out, path)) { errno = EINVAL; return -1; }
    return syscall(SYS_sendfile, out, in, offset, count);
}
ssize_t sendfile64(int out, int in, off_t *offset, size_t count) { return sendfile(out, in, offset, count); }
ssize_t copy_file_range(int in, off_t *in_at, int out, off_t *out_at, size_t count, unsigned flags) {
    char path[PATH_MAX];
    if (path_of(out, path)) { errno = EXDEV; return -1; }
    return syscall(SYS_copy_file_range, in, in_at, out, out_at, count, flags);
}

static int sized(int handle, off_t size, int kind, int mode, off_t offset) {
    char path[PATH_MAX];
    int ours = path_of(handle, path), failed = -1;
    if (ours) lock();
    struct stat found;
    int grows = ours && fstat(handle, &found) == 0 && size > found.st_size;
    if (!grows || !must_fail(WRITES, path))
        failed = kind == TRUNCATE ? syscall(SYS_ftruncate, handle, size)
                                  : syscall(SYS_fallocate, handle, mode, offset, size - offset);
    if (ours && !failed) {
        struct record one = {.kind = kind, .node = node_of(handle), .length = size};
        put(&one, NULL, NULL, NULL, 0);
    }
    if (ours) unlock();
    return failed;
}

int ftruncate(int handle, off_t size) { return sized(handle, size, TRUNCATE, 0, 0); }
int ftruncate64(int handle, off_t size) { return sized(handle, size, TRUNCATE, 0, 0); }
int fallocate(int handle, int mode, off_t offset, off_t length) {
    char path[PATH_MAX];
    if (mode && path_of(handle, path)) { errno = EOPNOTSUPP; return -1; }
    return sized(handle, offset + length, EXTEND, mode, offset);
}
int fallocate64(int handle, int mode, off_t offset, off_t length) { return fallocate(handle, mode, offset, length); }
int posix_fallocate(int handle, off_t offset, off_t length) {
    return fallocate(handle, 0, offset, length) ? errno : 0;
}
int posix_fallocate64(int handle, off_t offset, off_t length) { return posix_fallocate(handle, offset, length); }

int truncate(const char *name, off_t size) {
    int handle = opened(AT_FDCWD, name, O_WRONLY | O_CLOEXEC, 0);
    if (handle < 0) return -1;
    int failed = ftruncate(handle, size), error = errno;
    syscall(SYS_close, handle);
    errno = error;
    return failed;
}
int truncate64(const char *name, off_t size) { return truncate(name, size); }

int mkdirat(int at, const char *name, mode_t mode) {
    char path[PATH_MAX];
    if (!absolute(at, name, path)) return syscall(SYS_mkdirat, at, name, mode);
    lock();
    int failed = must_fail(NAMES, path) ? -1 : syscall(SYS_mkdirat, at, name, mode);
    if (!failed) {
        struct record one = {.kind = MAKE_DIRECTORY, .node = node_at(path), .directory = parent_of(path)};
        put(&one, last(path), NULL, NULL, 0);
    }
    unlock();
    return failed;
}
int mkdir(const char *name, mode_t mode) { return mkdirat(AT_FDCWD, name, mode); }

static int named(int kind, int at, const char *from, int to_at, const char *to, int flags) {
    char old[PATH_MAX], new[PATH_MAX];
    int ours = absolute(at, from, old) | absolute(to_at, to, new);
    if (ours) lock();
    uint64_t node = ours ? node_at(old) : 0;
    int failed = ours && must_fail(NAMES, new) ? -1
        : kind == RENAME ? syscall(SYS_renameat2, at, from, to_at, to, flags)
                         : syscall(SYS_linkat, at, from, to_at, to, flags);
    if (ours && !failed) {
        struct record one = {.kind = kind, .node = node, .directory = parent_of(old),
                             .other_directory = parent_of(new)};
        put(&one, last(old), last(new), NULL, 0);
    }
    if (ours) unlock();
    return failed;
}

int rename(const char *from, const char *to) { return named(RENAME, AT_FDCWD, from, AT_FDCWD, to, 0); }
int renameat(int at, const char *from, int to_at, const char *to) { return named(RENAME, at, from, to_at, to, 0); }
int renameat2(int at, const char *from, int to_at, const char *to, unsigned flags) {
    return named(RENAME, at, from, to_at, to, flags);
}
int link(const char *from, const char *to) { return named(LINK, AT_FDCWD, from, AT_FDCWD, to, 0); }
int linkat(int at, const char *from, int to_at, const char *to, int flags) {
    return named(LINK, at, from, to_at, to, flags);
}

int unlinkat(int at, const char *name, int flags) {
    char path[PATH_MAX];
    if (!absolute(at, name, path)) return syscall(SYS_unlinkat, at, name, flags);
    lock();
    int failed = syscall(SYS_unlinkat, at, name, flags);
    if (!failed) {
        struct record one = {.kind = REMOVE, .directory = parent_of(path)};
        put(&one, last(path), NULL, NULL, 0);
    }
    unlock();
    return failed;
}
int unlink(const char *name) { return unlinkat(AT_FDCWD, name, 0); }
int rmdir(const char *name) { return unlinkat(AT_FDCWD, name, AT_REMOVEDIR); }
int remove(const char *name) {
    return unlinkat(AT_FDCWD, name, 0) ? (errno == EISDIR ? rmdir(name) : -1) : 0;
}

/* A flush keeps what was written before it began, and only once it has ended. */
static int synced(int handle, int call) {
    char path[PATH_MAX];
    if (!path_of(handle, path)) return syscall(call, handle);
    lock();
    /* A thread waits for one flush at a time: its number tells which end belongs to which beginning. */
    struct record one = {.kind = SYNC_BEGIN, .node = node_of(handle), .length = (uint64_t)pthread_self()};
    const char *below = path + root_length + (path[root_length] == '/');
    const char *name = call == SYS_fsync ? "fsync" : "fdatasync";
    int fails = must_fail(SYNCS, path), error = errno;
    if (!fails) put(&one, below, name, NULL, 0);
    unlock();
    if (fails) { errno = error; return -1; }
    int failed = syscall(call, handle);
    lock();
    one.kind = SYNC_END;
    if (!failed) put(&one, below, name, NULL, 0);
    unlock();
    return failed;
}

int fsync(int handle) { return synced(handle, SYS_fsync); }
int fdatasync(int handle) { return synced(handle, SYS_fdatasync); }

/* Bytes that are written through memory cannot be seen: only SQLite's index, which it makes anew, may be. */
void *mmap(void *at, size_t length, int protection, int flags, int handle, off_t offset) {
    char path[PATH_MAX];
    void *mapped = (void *)syscall(SYS_mmap, at, length, protection, flags, handle, offset);
    if (root && handle >= 0 && (protection & PROT_WRITE) && (flags & MAP_SHARED) && path_of(handle, path)
        && !strstr(path, "-shm")) {
        struct record one = {.kind = UNRECORDABLE};
        lock();
        put(&one, path, NULL, NULL, 0);
        unlock();
    }
    return mapped;
}
void *mmap64(void *at, size_t length, int protection, int flags, int handle, off_t offset) {
    return mmap(at, length, protection, flags, handle, offset);
}
