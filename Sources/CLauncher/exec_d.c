#define _GNU_SOURCE
#include "claunch.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

enum { output_descriptor = 3, output_limit = 16 << 20 };

static _Noreturn void become_exec_d(const char *path, int output, int failures, char *const *environment) {
    // Out of the way of the descriptor that the program writes to.
    failures = fcntl(failures, F_DUPFD_CLOEXEC, output_descriptor + 1);
    int nothing = open("/dev/null", O_RDONLY);
    if (nothing > 0) dup2(nothing, STDIN_FILENO);
    // dup2 onto itself would leave close-on-exec set.
    if (output == output_descriptor) {
        fcntl(output, F_SETFD, 0);
    } else {
        dup2(output, output_descriptor);
    }
    char *const arguments[] = {(char *)path, NULL};
    execve(path, arguments, environment);
    int failure = errno;
    _exit(write(failures, &failure, sizeof failure) == sizeof failure ? 127 : 126);
}

static long read_all(int input, unsigned char **output) {
    unsigned char *content = NULL;
    long size = 0, room = 0;
    for (;;) {
        if (room - size < 4096) {
            room = room ? room * 2 : 8192;
            unsigned char *grown = room <= output_limit ? realloc(content, room) : NULL;
            if (!grown) {
                free(content);
                return -ENOMEM;
            }
            content = grown;
        }
        long got = read(input, content + size, room - size);
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) break;
        size += got;
    }
    *output = content;
    return size;
}

int claunch_run_exec_d(const char *path, char *const *environment, unsigned char **output, long *count) {
    *output = NULL;
    *count = 0;
    int ends[2], failures[2];
    if (pipe2(ends, O_CLOEXEC) != 0 || pipe2(failures, O_CLOEXEC) != 0) return -errno;
    pid_t child = fork();
    if (child == 0) become_exec_d(path, ends[1], failures[1], environment);
    int failure = child < 0 ? errno : 0;
    close(ends[1]);
    close(failures[1]);
    long size = child < 0 ? 0 : read_all(ends[0], output);
    if (child > 0 && read(failures[0], &failure, sizeof failure) != sizeof failure) failure = 0;
    close(ends[0]);
    close(failures[0]);
    int status = 0;
    while (child > 0 && waitpid(child, &status, 0) < 0 && errno == EINTR) {}
    if (failure) return -failure;
    if (size < 0) return (int)size;
    *count = size;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
