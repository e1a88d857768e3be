#ifndef MIXPACK_CNCURSES_SHIM_H
#define MIXPACK_CNCURSES_SHIM_H
#define NCURSES_WIDECHAR 1
#include <curses.h>
#include <locale.h>

/* Swift does not import these macros and refuses these variables. */
static inline WINDOW *cncurses_screen(void) { return stdscr; }
static inline WINDOW *cncurses_shown(void) { return curscr; }
static inline int cncurses_colors(void) { return COLORS; }
static inline int cncurses_pairs(void) { return COLOR_PAIRS; }
static inline attr_t cncurses_bold(void) { return A_BOLD; }
static inline attr_t cncurses_dim(void) { return A_DIM; }
static inline attr_t cncurses_italic(void) { return A_ITALIC; }
static inline attr_t cncurses_underline(void) { return A_UNDERLINE; }
static inline attr_t cncurses_reverse(void) { return A_REVERSE; }

/* Writes text at a place; the last cell of a screen reports an error though it is written, so there is no result. */
static inline void cncurses_write(int y, int x, const wchar_t *text, int count, attr_t attributes, short pair) {
    wattr_set(stdscr, attributes, pair, NULL);
    (void)mvwaddnwstr(stdscr, y, x, text, count);
}

/* From term.h, which would bring in hundreds of macros with everyday names. */
extern NCURSES_EXPORT(char *) tigetstr(const char *);
extern NCURSES_EXPORT(int) tigetflag(const char *);

/* A capability of the terminal as text; NULL where it has none. */
static inline const char *cncurses_capability(const char *name) {
    char *text = tigetstr(name);
    return text == (char *)-1 ? NULL : text;
}
static inline int cncurses_flag(const char *name) { return tigetflag(name); }
#endif
