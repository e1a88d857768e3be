#define _GNU_SOURCE
#include "claunch.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

const int CLAUNCH_NOT_FOUND = ENOENT, CLAUNCH_TIMED_OUT = ETIMEDOUT;

static char *const *own_arguments;
static char *const *own_environment;

// Embedded Swift has no CommandLine; glibc hands main's arguments to constructors too.
__attribute__((constructor)) static void keep_arguments(int count, char **arguments, char **environment) {
    (void)count;
    own_arguments = arguments;
    own_environment = environment;
}

char *const *claunch_arguments(void) { return own_arguments; }
char *const *claunch_environment(void) { return own_environment; }

long claunch_read_file(const char *path, unsigned char **bytes) {
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0) return -errno;
    unsigned char *content = NULL;
    long size = 0, room = 0, got = 0;
    do {
        if (room - size < 4096) {
            room = room ? room * 2 : 8192;
            unsigned char *grown = realloc(content, room);
            if (!grown) { got = -1; errno = ENOMEM; break; }
            content = grown;
        }
        got = read(file, content + size, room - size);
        if (got > 0) size += got;
    } while (got > 0 || (got < 0 && errno == EINTR));
    int failure = errno;
    close(file);
    if (got < 0) {
        free(content);
        return -failure;
    }
    *bytes = content;
    return size;
}

void claunch_free(void *memory) { free(memory); }

enum claunch_kind claunch_kind(const char *path) {
    struct stat status;
    if (stat(path, &status) != 0) return CLAUNCH_NOTHING;
    if (S_ISREG(status.st_mode)) return CLAUNCH_FILE;
    return S_ISDIR(status.st_mode) ? CLAUNCH_DIRECTORY : CLAUNCH_OTHER;
}

int claunch_is_executable(const char *path) { return access(path, X_OK) == 0; }

void *claunch_open_directory(const char *path) { return opendir(path); }

const char *claunch_next_name(void *directory) {
    for (struct dirent *entry; (entry = readdir(directory));) {
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0) return entry->d_name;
    }
    return NULL;
}

void claunch_close_directory(void *directory) { closedir(directory); }

int claunch_change_directory(const char *path) { return chdir(path) == 0 ? 0 : errno; }

int claunch_execute(const char *path, char *const *arguments, char *const *environment) {
    execve(path, arguments, environment);
    return errno;
}

int claunch_is_on_terminal(void) { return isatty(STDIN_FILENO); }

void claunch_write_error(const unsigned char *bytes, long count) {
    while (count > 0) {
        long written = write(STDERR_FILENO, bytes, count);
        if (written < 0 && errno != EINTR) return;
        if (written > 0) bytes += written, count -= written;
    }
}

const char *claunch_error_text(int error) { return strerror(error); }

void claunch_exit(int status) { _exit(status); }
