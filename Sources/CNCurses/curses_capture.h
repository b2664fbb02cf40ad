#ifndef CNCURSES_CAPTURE_H
#define CNCURSES_CAPTURE_H

#include <stddef.h>

// Curses flushes after each move of the cursor: some fifty writes a frame, and a terminal that wakes for each of them takes the processor
// away from the frame. A frame is therefore collected in memory, and goes to the terminal in one piece.

/// Takes over the descriptor that curses writes to; gives another one of the same terminal, or -1 when there can be none.
int cn_capture_open(int descriptor);

/// Closes what was opened; the descriptor that curses writes to is the caller's.
void cn_capture_close(void);

/// From here on what curses writes is collected.
void cn_capture_begin(void);

/// Curses writes to the terminal again.
void cn_capture_end(void);

/// How many bytes were collected last.
size_t cn_captured_count(void);

/// Copies the first `count` bytes of them; how many could be had.
size_t cn_captured(char *bytes, size_t count);

#endif
