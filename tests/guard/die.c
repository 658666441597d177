/* Preloaded before a program: counts what it does to files below a folder, in code of any language that goes through the
   C library, and kills it at the step that was named: a write is then half done. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

static char folder[PATH_MAX];
static long last = -1;
static long counted;

/* Count from here on what is done below a folder, and die at a step; at none where it is 0. */
void die_at(const char *below, long step) {
    snprintf(folder, sizeof folder, "%s", below);
    counted = 0;
    last = step;
}

long steps(void) { return counted; }

static int is_below(int at, const char *path) {
    char held[PATH_MAX], link[64];
    const char *whole = path;
    if (path == NULL || path[0] != '/') {
        if (at == AT_FDCWD) return 0;
        snprintf(link, sizeof link, "/proc/self/fd/%d", at);
        long size = syscall(SYS_readlinkat, AT_FDCWD, link, held, sizeof held - 1);
        if (size < 0) return 0;
        held[size] = 0;
        whole = held;
    }
    return !strncmp(whole, folder, strlen(folder));
}

/* Tell whether this is the step to die at. */
static int is_last(int at, const char *path) {
    if (last < 0 || !is_below(at, path)) return 0;
    return __atomic_add_fetch(&counted, 1, __ATOMIC_SEQ_CST) == last;
}

static void die(void) {
    kill(getpid(), SIGKILL);
    for (;;) pause();
}

#define NEXT(name) __typeof__(&name) next = (__typeof__(&name))dlsym(RTLD_NEXT, #name)

ssize_t write(int fd, const void *data, size_t size) {
    NEXT(write);
    if (is_last(fd, NULL)) { if (next(fd, data, size / 2) >= 0) die(); die(); }
    return next(fd, data, size);
}
ssize_t pwrite(int fd, const void *data, size_t size, off_t at) {
    NEXT(pwrite);
    if (is_last(fd, NULL)) { if (next(fd, data, size / 2, at) >= 0) die(); die(); }
    return next(fd, data, size, at);
}
ssize_t pwrite64(int fd, const void *data, size_t size, off64_t at) {
    NEXT(pwrite64);
    if (is_last(fd, NULL)) { if (next(fd, data, size / 2, at) >= 0) die(); die(); }
    return next(fd, data, size, at);
}
ssize_t writev(int fd, const struct iovec *data, int count) {
    NEXT(writev);
    if (is_last(fd, NULL)) die();
    return next(fd, data, count);
}
ssize_t sendfile(int out, int in, off_t *at, size_t size) {
    ssize_t (*next)(int, int, off_t *, size_t) = dlsym(RTLD_NEXT, "sendfile");
    if (is_last(out, NULL)) die();
    return next(out, in, at, size);
}
ssize_t sendfile64(int out, int in, off64_t *at, size_t size) {
    ssize_t (*next)(int, int, off64_t *, size_t) = dlsym(RTLD_NEXT, "sendfile64");
    if (is_last(out, NULL)) die();
    return next(out, in, at, size);
}
ssize_t copy_file_range(int in, off64_t *from, int out, off64_t *at, size_t size, unsigned flags) {
    NEXT(copy_file_range);
    if (is_last(out, NULL)) die();
    return next(in, from, out, at, size, flags);
}
int ftruncate(int fd, off_t size) {
    NEXT(ftruncate);
    if (is_last(fd, NULL)) die();
    return next(fd, size);
}
int ftruncate64(int fd, off64_t size) {
    NEXT(ftruncate64);
    if (is_last(fd, NULL)) die();
    return next(fd, size);
}
int rename(const char *from, const char *to) {
    NEXT(rename);
    if (is_last(AT_FDCWD, to)) die();
    return next(from, to);
}
int renameat(int a, const char *from, int b, const char *to) {
    NEXT(renameat);
    if (is_last(b, to)) die();
    return next(a, from, b, to);
}
int link(const char *from, const char *to) {
    NEXT(link);
    if (is_last(AT_FDCWD, to)) die();
    return next(from, to);
}
int linkat(int a, const char *from, int b, const char *to, int flags) {
    NEXT(linkat);
    if (is_last(b, to)) die();
    return next(a, from, b, to, flags);
}
int unlink(const char *path) {
    NEXT(unlink);
    if (is_last(AT_FDCWD, path)) die();
    return next(path);
}
int unlinkat(int at, const char *path, int flags) {
    NEXT(unlinkat);
    if (is_last(at, path)) die();
    return next(at, path, flags);
}
int rmdir(const char *path) {
    NEXT(rmdir);
    if (is_last(AT_FDCWD, path)) die();
    return next(path);
}
int mkdir(const char *path, mode_t mode) {
    NEXT(mkdir);
    if (is_last(AT_FDCWD, path)) die();
    return next(path, mode);
}
