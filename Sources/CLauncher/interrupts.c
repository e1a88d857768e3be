#define _GNU_SOURCE
#include "claunch.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

// Whether the process has a handler of its own for SIGTERM; yes where /proc does not tell.
static int handles_terminate(pid_t process) {
    char path[32], status[4096];
    snprintf(path, sizeof path, "/proc/%d/status", process);
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0) return 1;
    long size = read(file, status, sizeof status - 1);
    close(file);
    if (size <= 0) return 1;
    status[size] = 0;
    const char *caught = strstr(status, "\nSigCgt:");
    return !caught || (strtoull(caught + 8, NULL, 16) >> (SIGTERM - 1) & 1);
}

// How long after the start a TERM may get lost, in seconds.
enum { early_seconds = 30 };

static time_t now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec;
}

// Two things lose a TERM early on. The kernel drops a signal to pid 1 that has no handler, which is so while the release's
// start script runs. The virtual machine has a handler, but drops what comes before its kernel application has started.
static void terminate(pid_t process, time_t started) {
    const struct timespec soon = {.tv_nsec = 50 * 1000 * 1000}, later = {.tv_sec = 1};
    while (now() - started < early_seconds) {
        int is_ready = process != 1 || handles_terminate(process);
        if (is_ready) kill(process, SIGTERM);
        nanosleep(is_ready ? &later : &soon, NULL);
    }
    kill(process, SIGTERM);
}

static _Noreturn void watch(pid_t launched, const sigset_t *interrupt) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    prctl(PR_SET_NAME, "ctrl-c-watcher");
    if (getppid() != launched) _exit(0);
    int nothing = open("/dev/null", O_RDWR);
    for (int descriptor = 0; nothing >= 0 && descriptor < 3; descriptor++) dup2(nothing, descriptor);
    time_t started = now();
    for (;;) {
        int received;
        if (sigwait(interrupt, &received) == 0) terminate(launched, started);
    }
}

int claunch_watch_interrupts(void) {
    sigset_t interrupt, before;
    sigemptyset(&interrupt);
    sigaddset(&interrupt, SIGINT);
    // Blocked before the fork: no Ctrl-C gets lost between the two.
    if (sigprocmask(SIG_BLOCK, &interrupt, &before) != 0) return errno;
    pid_t launched = getpid();
    pid_t child = fork();
    if (child == 0) watch(launched, &interrupt);
    int failure = child < 0 ? errno : 0;
    // The start script and its helpers ignore Ctrl-C; the virtual machine sets its own mind on it by +B.
    if (child > 0) signal(SIGINT, SIG_IGN);
    sigprocmask(SIG_SETMASK, &before, NULL);
    return failure;
}
