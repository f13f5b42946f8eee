#ifndef REPORT_OPERATOR_CHIREDIS_SHIM_H
#define REPORT_OPERATOR_CHIREDIS_SHIM_H

#include <hiredis/hiredis.h>
// Swift's Glibc module leaves some of these out, or imports their constants as types that don't fit their functions.
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/eventfd.h>
#include <sys/socket.h>

static inline int chiredis_eventfd(void) {
    return eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
}

static inline int chiredis_stream_socket(int family) {
    return socket(family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
}

// A closed connection is an error to tell, not a signal.
static inline ssize_t chiredis_send(int fd, const void *bytes, size_t count) {
    return send(fd, bytes, count, MSG_NOSIGNAL);
}

static inline void chiredis_set_int(int fd, int level, int option, int value) {
    setsockopt(fd, level, option, &value, sizeof value);
}

// Small commands go out at once, and a peer that vanished is noticed within some 30 seconds also when nothing is sent.
static inline void chiredis_tune_tcp(int fd) {
    chiredis_set_int(fd, IPPROTO_TCP, TCP_NODELAY, 1);
    chiredis_set_int(fd, SOL_SOCKET, SO_KEEPALIVE, 1);
    chiredis_set_int(fd, IPPROTO_TCP, TCP_KEEPIDLE, 15);
    chiredis_set_int(fd, IPPROTO_TCP, TCP_KEEPINTVL, 5);
    chiredis_set_int(fd, IPPROTO_TCP, TCP_KEEPCNT, 3);
    chiredis_set_int(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, 30000);
}

static inline int chiredis_socket_error(int fd) {
    int error = 0;
    socklen_t length = sizeof error;
    return getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &length) == 0 ? error : -1;
}

#endif
