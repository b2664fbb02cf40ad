#ifndef CNCURSES_H
#define CNCURSES_H

/// The curses that Swift needs, without the curses that Swift cannot read.
///
/// curses.h is not included here: its screen is a set of shared variables, its attributes, function keys and mouse masks are macros, and its wide
/// API depends on macros set before the include. One screen can be open at a time, and all calls must come from one thread.

#include "curses_screen.h"
#include "curses_input.h"
#include "terminal_guard.h"

#endif
