// The few system calls that the launcher makes, in types that Embedded Swift sees without libc's own module.
// Failures come back as errno values, so that Swift needs no errno.
#ifndef CLAUNCH_H
#define CLAUNCH_H

// ENOENT and ETIMEDOUT, the errnos that the launcher tells apart.
extern const int CLAUNCH_NOT_FOUND, CLAUNCH_TIMED_OUT;

// The program's own arguments and environment, NULL-terminated.
char *const *claunch_arguments(void);
char *const *claunch_environment(void);

// Reads a whole file into memory that is the caller's; returns its size, or a negative errno.
long claunch_read_file(const char *path, unsigned char **bytes);
void claunch_free(void *memory);

// What stands at a path, links followed.
enum claunch_kind { CLAUNCH_NOTHING, CLAUNCH_FILE, CLAUNCH_DIRECTORY, CLAUNCH_OTHER };
enum claunch_kind claunch_kind(const char *path);
int claunch_is_executable(const char *path);

// Walks over a folder: NULL if it cannot be opened; names without "." and "..", NULL at the end.
void *claunch_open_directory(const char *path);
const char *claunch_next_name(void *directory);
void claunch_close_directory(void *directory);

int claunch_change_directory(const char *path);
// Replaces this program; returns only on failure.
int claunch_execute(const char *path, char *const *arguments, char *const *environment);
// Runs an exec.d program with fd 3 open for writing. Returns its exit status (128 + the signal that killed it), or a
// negative errno if it could not be run; `output` is what it wrote to fd 3, the caller's.
int claunch_run_exec_d(const char *path, char *const *environment, unsigned char **output, long *count);

// Whether standard input is a terminal.
int claunch_is_on_terminal(void);
// Leaves a child behind that turns the terminal's Ctrl-C (SIGINT) into SIGTERM for this process, whatever program it
// has become by then. The child ends with this process.
int claunch_watch_interrupts(void);

// Sends a request over loopback and returns the status of the answer, or a negative errno: EPROTO if it is not HTTP.
// All of it takes at most `timeout` milliseconds.
int claunch_http_status(int is_ipv6, unsigned short port, const unsigned char *request, long count, long timeout);

void claunch_write_error(const unsigned char *bytes, long count);
const char *claunch_error_text(int error);
_Noreturn void claunch_exit(int status);

#endif
