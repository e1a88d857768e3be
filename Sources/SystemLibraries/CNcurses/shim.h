#ifndef MIXPACK_CNCURSES_SHIM_H
#define MIXPACK_CNCURSES_SHIM_H
#define NCURSES_WIDECHAR 1
#include <curses.h>
#include <locale.h>
#endif
