#define _GNU_SOURCE
#include "claunch.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static long milliseconds(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

// Lets the next call of the socket take no longer than until the deadline; 0 if that has passed.
static int limit(int socket, long deadline) {
    long left = deadline - milliseconds();
    if (left <= 0) return 0;
    struct timeval time = {.tv_sec = left / 1000, .tv_usec = left % 1000 * 1000};
    setsockopt(socket, SOL_SOCKET, SO_SNDTIMEO, &time, sizeof time);
    setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &time, sizeof time);
    return 1;
}

static int connected(int is_ipv6, unsigned short port, long deadline) {
    int made = socket(is_ipv6 ? AF_INET6 : AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (made < 0) return -errno;
    union {
        struct sockaddr any;
        struct sockaddr_in four;
        struct sockaddr_in6 six;
    } address = {0};
    if (is_ipv6) {
        address.six.sin6_family = AF_INET6;
        address.six.sin6_port = htons(port);
        address.six.sin6_addr = in6addr_loopback;
    } else {
        address.four.sin_family = AF_INET;
        address.four.sin_port = htons(port);
        address.four.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    }
    socklen_t size = is_ipv6 ? sizeof address.six : sizeof address.four;
    if (!limit(made, deadline)) errno = ETIMEDOUT;
    else if (connect(made, &address.any, size) == 0) return made;
    // A time that is up comes back as EINPROGRESS.
    int failure = errno == EINPROGRESS || errno == EAGAIN ? ETIMEDOUT : errno;
    close(made);
    return -failure;
}

// Whether all was sent by the deadline: 0, or an errno.
static int send_all(int socket, const unsigned char *bytes, long count, long deadline) {
    while (count > 0) {
        if (!limit(socket, deadline)) return ETIMEDOUT;
        long sent = send(socket, bytes, count, MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR) continue;
        if (sent < 0) return errno == EAGAIN ? ETIMEDOUT : errno;
        bytes += sent, count -= sent;
    }
    return 0;
}

// The status of "HTTP/1.1 200 OK", or a negative errno.
static int status(int socket, long deadline) {
    char line[12];
    unsigned size = 0;
    while (size < sizeof line) {
        if (!limit(socket, deadline)) return -ETIMEDOUT;
        long got = recv(socket, line + size, sizeof line - size, 0);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return errno == EAGAIN ? -ETIMEDOUT : -errno;
        if (got == 0) return -EPROTO;
        size += got;
    }
    if (memcmp(line, "HTTP/1.", 7) != 0 || line[8] != ' ') return -EPROTO;
    int value = 0;
    for (int place = 9; place < 12; place++) {
        if (line[place] < '0' || line[place] > '9') return -EPROTO;
        value = value * 10 + (line[place] - '0');
    }
    return value;
}

int claunch_http_status(int is_ipv6, unsigned short port, const unsigned char *request, long count, long timeout) {
    long deadline = milliseconds() + timeout;
    int made = connected(is_ipv6, port, deadline);
    if (made < 0) return made;
    int failure = send_all(made, request, count, deadline);
    int result = failure ? -failure : status(made, deadline);
    close(made);
    return result;
}
