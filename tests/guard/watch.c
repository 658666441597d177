/* Preloaded before a program: writes down what it looks up, connects to and opens for writing, and lets it reach this
   machine alone. It sees code of any language that goes through the C library, unlike the audit hooks of Python. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

static void note(const char *what, const char *which) {
    const char *log = getenv("WATCH_LOG");
    char line[4400];
    if (log == NULL) return;
    int fd = (int)syscall(SYS_openat, AT_FDCWD, log, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0) return;
    int size = snprintf(line, sizeof line, "%s %s\n", what, which == NULL ? "" : which);
    if (syscall(SYS_write, fd, line, size < (int)sizeof line ? size : (int)sizeof line - 1) < 0) abort();
    syscall(SYS_close, fd);
}

static int here(const char *host) {
    return host == NULL || !strcmp(host, "localhost") || !strncmp(host, "127.", 4) || !strcmp(host, "::1");
}

int getaddrinfo(const char *node, const char *service, const struct addrinfo *hints, struct addrinfo **found) {
    int (*next)(const char *, const char *, const struct addrinfo *, struct addrinfo **) = dlsym(RTLD_NEXT, "getaddrinfo");
    if (here(node)) return next(node, service, hints, found);
    note("LOOKUP", node);
    return EAI_FAIL;
}

struct hostent *gethostbyname(const char *node) {
    struct hostent *(*next)(const char *) = dlsym(RTLD_NEXT, "gethostbyname");
    if (here(node)) return next(node);
    note("LOOKUP", node);
    return NULL;
}

static int elsewhere(const struct sockaddr *address) {
    char shown[INET6_ADDRSTRLEN] = "";
    if (address == NULL) return 0;
    if (address->sa_family == AF_INET)
        inet_ntop(AF_INET, &((const struct sockaddr_in *)address)->sin_addr, shown, sizeof shown);
    else if (address->sa_family == AF_INET6)
        inet_ntop(AF_INET6, &((const struct sockaddr_in6 *)address)->sin6_addr, shown, sizeof shown);
    else
        return 0;
    if (here(shown)) return 0;
    note("CONNECT", shown);
    errno = ENETUNREACH;
    return 1;
}

int connect(int fd, const struct sockaddr *address, socklen_t size) {
    int (*next)(int, const struct sockaddr *, socklen_t) = dlsym(RTLD_NEXT, "connect");
    return elsewhere(address) ? -1 : next(fd, address, size);
}

ssize_t sendto(int fd, const void *data, size_t count, int flags, const struct sockaddr *address, socklen_t size) {
    ssize_t (*next)(int, const void *, size_t, int, const struct sockaddr *, socklen_t) = dlsym(RTLD_NEXT, "sendto");
    return elsewhere(address) ? -1 : next(fd, data, count, flags, address, size);
}

#define WRITES(flags) ((flags) & (O_WRONLY | O_RDWR | O_CREAT))

#define OPEN(name)                                                     \
    int name(const char *path, int flags, ...) {                       \
        int (*next)(const char *, int, ...) = dlsym(RTLD_NEXT, #name); \
        va_list rest;                                                  \
        va_start(rest, flags);                                         \
        mode_t mode = va_arg(rest, mode_t);                            \
        va_end(rest);                                                  \
        if (WRITES(flags)) note("WRITE", path);                        \
        return next(path, flags, mode);                                \
    }
OPEN(open)
OPEN(open64)

#define OPENAT(name)                                                        \
    int name(int folder, const char *path, int flags, ...) {                \
        int (*next)(int, const char *, int, ...) = dlsym(RTLD_NEXT, #name); \
        va_list rest;                                                       \
        va_start(rest, flags);                                              \
        mode_t mode = va_arg(rest, mode_t);                                 \
        va_end(rest);                                                       \
        if (WRITES(flags)) note("WRITE", path);                             \
        return next(folder, path, flags, mode);                             \
    }
OPENAT(openat)
OPENAT(openat64)

#define FOPEN(name)                                                          \
    FILE *name(const char *path, const char *mode) {                         \
        FILE *(*next)(const char *, const char *) = dlsym(RTLD_NEXT, #name); \
        if (strpbrk(mode, "wa+") != NULL) note("WRITE", path);               \
        return next(path, mode);                                             \
    }
FOPEN(fopen)
FOPEN(fopen64)
