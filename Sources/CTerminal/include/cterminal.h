#ifndef MIXPACK_CTERMINAL_H
#define MIXPACK_CTERMINAL_H
/// Signal handlers that give the terminal back; see NcursesTerminal.
#endif
