#ifndef MIXPACK_CTERMINAL_H
#define MIXPACK_CTERMINAL_H

#include <stddef.h>

/// What the handlers write to the wake-up pipe, one byte each.
enum {
    CTERMINAL_RESIZED = 'W',
    CTERMINAL_STOP = 'Z',
    CTERMINAL_CONTINUED = 'C',
    CTERMINAL_HANGUP = 'H',
    CTERMINAL_TERMINATE = 'T',
};

/// Puts handlers in the place of the caller's, for a program that has the terminal on `tty` in its own modes.
///
/// Signals that end the program at once (QUIT, ILL, TRAP, ABRT, BUS, FPE, SEGV, SYS) write `reset` to the terminal, give
/// it the modes it has now, copy what was written to the file `stray` (or -1) to the descriptor `errors`, and are raised
/// again, so that the parent sees how the program ended. HUP, TERM and INT are reported through `wake` the first time and
/// end the program the same way the second time. WINCH, TSTP and CONT are reported only. Returns 0, or an errno.
int cterminal_guard(int tty, int wake, int stray, int errors, const char *reset, size_t length);

/// Gives the terminal back as a handler would, from ordinary code. Safe to call at any time.
void cterminal_reset(void);

/// Whether the terminal is in the program's modes now: while it is lent to another program, INT and QUIT are that
/// program's and no reset is written.
void cterminal_set_active(int active);

/// Whether the window's title was pushed on the terminal's stack: a reset takes it from there.
void cterminal_set_titled(int titled);

/// The caller's handlers again; nothing is reset from now on.
void cterminal_unguard(void);

/// The first of HUP, TERM and INT that came since the guard was set, or 0.
int cterminal_ending_signal(void);

/// Ends the program by `signal`, with the system's own action for it.
void cterminal_raise(int signal);

/// Stops the process group as Ctrl-Z does; comes back once it goes on. Gives whether it was stopped at all: it is not
/// where no shell could let it go on.
int cterminal_stop_group(int wake_read);

/// The columns that the C library gives a character in the current locale; -1 where it does not know it.
int cterminal_width(unsigned int scalar);

/// A file in memory for what is written to the standard streams meanwhile, or -1.
int cterminal_memory_file(void);

/// A pipe that children do not inherit; its ends are `ends[0]` to read and `ends[1]` to write. 0, or an errno.
int cterminal_pipe(int *ends, int nonblocking);

/// The size of the terminal in cells; 0 on success, an errno otherwise.
int cterminal_size(int tty, int *columns, int *rows);

#endif
