#define _GNU_SOURCE
#include "cterminal.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <termios.h>
#include <unistd.h>
#include <wchar.h>

enum { RESET_SIZE = 512, STRAY_LIMIT = 65536 };

static const int fatal_signals[] = {SIGQUIT, SIGILL, SIGTRAP, SIGABRT, SIGBUS, SIGFPE, SIGSEGV, SIGSYS};
static const int ending_signals[] = {SIGHUP, SIGTERM, SIGINT};
static const int reported_signals[] = {SIGWINCH, SIGTSTP, SIGCONT};
enum { FATAL = 8, ENDING = 3, REPORTED = 3 };

static struct {
    volatile sig_atomic_t guarded;
    volatile sig_atomic_t active;
    volatile sig_atomic_t titled;
    volatile sig_atomic_t ending;
    int tty, wake, stray, errors;
    char reset[RESET_SIZE];
    size_t length;
    struct termios modes;
    struct sigaction previous[FATAL + ENDING + REPORTED];
} guard = {.tty = -1, .wake = -1, .stray = -1, .errors = -1};

static void write_all(int file, const char *bytes, size_t count) {
    while (count > 0) {
        ssize_t written = write(file, bytes, count);
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) return;
        bytes += written;
        count -= (size_t)written;
    }
}

/* What was written to the standard streams while they were kept off the screen: the reason of a crash is there. */
static void show_stray(void) {
    char buffer[1024];
    if (guard.stray < 0 || guard.errors < 0) return;
    off_t end = lseek(guard.stray, 0, SEEK_END);
    off_t start = end > STRAY_LIMIT ? end - STRAY_LIMIT : 0;
    while (start < end) {
        ssize_t count = pread(guard.stray, buffer, sizeof buffer, start);
        if (count <= 0) return;
        write_all(guard.errors, buffer, (size_t)count);
        start += count;
    }
}

void cterminal_reset(void) {
    if (!guard.guarded || !guard.active) return;
    guard.active = 0;
    int saved = errno;
    /* A terminal that takes nothing any more must not keep a dying program alive. */
    int flags = fcntl(guard.tty, F_GETFL);
    if (flags >= 0) fcntl(guard.tty, F_SETFL, flags | O_NONBLOCK);
    /* The title that was pushed comes back before anything else can fail. */
    static const char pop_title[] = "\033[23;2t";
    if (guard.titled) write_all(guard.tty, pop_title, sizeof pop_title - 1);
    guard.titled = 0;
    write_all(guard.tty, guard.reset, guard.length);
    if (flags >= 0) fcntl(guard.tty, F_SETFL, flags);
    tcsetattr(guard.tty, TCSANOW, &guard.modes);
    show_stray();
    errno = saved;
}

void cterminal_raise(int signal) {
    struct sigaction action = {.sa_handler = SIG_DFL};
    sigset_t set;
    sigemptyset(&action.sa_mask);
    sigaction(signal, &action, NULL);
    sigemptyset(&set);
    sigaddset(&set, signal);
    pthread_sigmask(SIG_UNBLOCK, &set, NULL);
    raise(signal);
}

static void report(char what) {
    int saved = errno;
    if (write(guard.wake, &what, 1) < 0) { /* a full pipe wakes up just as well */ }
    errno = saved;
}

static void on_fatal(int signal) {
    if (signal == SIGQUIT && !guard.active) return;
    cterminal_reset();
    /* Whoever handled it before, such as Swift's printer of backtraces, has its turn on the restored terminal. */
    for (int i = 0; i < FATAL; i++) {
        if (fatal_signals[i] != signal || guard.previous[i].sa_handler == SIG_IGN) continue;
        sigaction(signal, &guard.previous[i], NULL);
        raise(signal);
        return;
    }
    cterminal_raise(signal);
}

static void on_ending(int signal) {
    if (signal == SIGINT && !guard.active) return;
    if (guard.ending) {
        cterminal_reset();
        cterminal_raise(signal);
        return;
    }
    guard.ending = signal;
    report(signal == SIGHUP ? CTERMINAL_HANGUP : CTERMINAL_TERMINATE);
}

static void on_report(int signal) {
    report(signal == SIGWINCH ? CTERMINAL_RESIZED : signal == SIGTSTP ? CTERMINAL_STOP : CTERMINAL_CONTINUED);
}

static int install(const int *signals, int count, void (*handler)(int), int flags, struct sigaction *previous) {
    for (int i = 0; i < count; i++) {
        struct sigaction action = {.sa_handler = handler, .sa_flags = flags};
        sigemptyset(&action.sa_mask);
        if (sigaction(signals[i], NULL, &previous[i]) != 0) return errno;
        /* Whoever started us with a signal ignored (nohup) wants it so. */
        if (previous[i].sa_handler == SIG_IGN && handler == on_ending) continue;
        if (sigaction(signals[i], &action, NULL) != 0) return errno;
    }
    return 0;
}

int cterminal_guard(int tty, int wake, int stray, int errors, const char *reset, size_t length) {
    static int registered;
    if (length > RESET_SIZE) return EINVAL;
    if (tcgetattr(tty, &guard.modes) != 0) return errno;
    guard.tty = tty;
    guard.wake = wake;
    guard.stray = stray;
    guard.errors = errors;
    guard.length = length;
    memcpy(guard.reset, reset, length);
    guard.ending = 0;
    guard.guarded = 1;
    if (!registered) {
        registered = 1;
        atexit(cterminal_reset);
    }
    int status = install(fatal_signals, FATAL, on_fatal, SA_ONSTACK | SA_NODEFER, guard.previous);
    if (status == 0)
        status = install(ending_signals, ENDING, on_ending, SA_ONSTACK | SA_RESTART, guard.previous + FATAL);
    if (status == 0)
        status = install(reported_signals, REPORTED, on_report, SA_ONSTACK | SA_RESTART, guard.previous + FATAL + ENDING);
    return status;
}

static void give_back(const int *signals, int count, const struct sigaction *previous) {
    for (int i = 0; i < count; i++) sigaction(signals[i], &previous[i], NULL);
}

void cterminal_unguard(void) {
    if (!guard.guarded) return;
    guard.active = 0;
    give_back(fatal_signals, FATAL, guard.previous);
    give_back(ending_signals, ENDING, guard.previous + FATAL);
    give_back(reported_signals, REPORTED, guard.previous + FATAL + ENDING);
    guard.guarded = 0;
    guard.wake = -1;
    guard.stray = -1;
}

void cterminal_set_active(int active) { guard.active = active; }

void cterminal_set_titled(int titled) { guard.titled = titled; }

int cterminal_ending_signal(void) { return guard.ending; }

int cterminal_stop_group(int wake_read) {
    struct sigaction stop = {.sa_handler = SIG_DFL}, previous;
    sigemptyset(&stop.sa_mask);
    sigaction(SIGTSTP, &stop, &previous);
    kill(0, SIGTSTP);
    /* Another thread may be the one that stops first; wait for the news that we go on. The time runs while we are
       stopped, so once it is over the news is given a moment more. */
    int was_stopped = 0;
    const int patience[] = {200, 50};
    struct pollfd wait = {.fd = wake_read, .events = POLLIN};
    for (int turn = 0; turn < 2 && !was_stopped;) {
        int ready = poll(&wait, 1, patience[turn]);
        if (ready == 0 || (ready < 0 && errno != EINTR)) turn++;
        char what;
        while (ready > 0 && read(wake_read, &what, 1) == 1) was_stopped |= what == CTERMINAL_CONTINUED;
    }
    sigaction(SIGTSTP, &previous, NULL);
    return was_stopped;
}

int cterminal_width(unsigned int scalar) { return wcwidth((wchar_t)scalar); }

int cterminal_memory_file(void) { return memfd_create("stray-output", MFD_CLOEXEC); }

int cterminal_pipe(int *ends, int nonblocking) {
    return pipe2(ends, O_CLOEXEC | (nonblocking ? O_NONBLOCK : 0)) == 0 ? 0 : errno;
}

int cterminal_size(int tty, int *columns, int *rows) {
    struct winsize size = {0};
    if (ioctl(tty, TIOCGWINSZ, &size) != 0) return errno;
    *columns = size.ws_col;
    *rows = size.ws_row;
    return 0;
}
