#ifndef CNCURSES_STATE_H
#define CNCURSES_STATE_H

// The wide API is declared only when these are set before the include; only .c files of this target include curses.
#define _GNU_SOURCE 1
#define _XOPEN_SOURCE_EXTENDED 1
#define NCURSES_WIDECHAR 1
#include <curses.h>
#include <stdbool.h>
#include <stdio.h>

/// Codes that ncurses is told to give for sequences of our own; above all codes of terminfo's keys.
enum { CODE_MOUSE = 0x2001, CODE_PASTE_BEGIN, CODE_PASTE_END, CODE_FOCUS };

/// What belongs to the open screen.
typedef struct {
  SCREEN *screen;
  FILE *input;
  FILE *output;
  int descriptor;
  bool is_xterm;
  bool is_utf8;
  bool cursor_shown;
  bool has_default_colors;
} cn_state;

extern cn_state cn;

/// Forgets what was drawn by position; called when the size changes or the screen closes.
void cn_forget_overdrawn(void);

#endif
