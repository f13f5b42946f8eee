#ifndef REPORT_OPERATOR_CMOSQUITTO_SHIM_H
#define REPORT_OPERATOR_CMOSQUITTO_SHIM_H

#include <mosquitto.h>
// Swift's Glibc module leaves some of these out, or imports their constants as types that don't fit their functions.
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/eventfd.h>
#include <sys/socket.h>

static inline int cmosquitto_eventfd(void) {
    return eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
}

static inline void cmosquitto_set_int(int fd, int level, int option, int value) {
    setsockopt(fd, level, option, &value, sizeof value);
}

// Small messages go out at once, and a peer that vanished is noticed within some 30 seconds also when nothing is sent.
static inline void cmosquitto_tune_tcp(int fd) {
    cmosquitto_set_int(fd, IPPROTO_TCP, TCP_NODELAY, 1);
    cmosquitto_set_int(fd, SOL_SOCKET, SO_KEEPALIVE, 1);
    cmosquitto_set_int(fd, IPPROTO_TCP, TCP_KEEPIDLE, 15);
    cmosquitto_set_int(fd, IPPROTO_TCP, TCP_KEEPINTVL, 5);
    cmosquitto_set_int(fd, IPPROTO_TCP, TCP_KEEPCNT, 3);
    cmosquitto_set_int(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, 30000);
}

static inline int cmosquitto_socket_error(int fd) {
    int error = 0;
    socklen_t length = sizeof error;
    return getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &length) == 0 ? error : -1;
}

#endif
