#ifndef CNCURSES_SCREEN_H
#define CNCURSES_SCREEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// One cell as Swift hands it over.
typedef struct {
  /// The glyph's scalars; unused places are 0, all 0 is the right half of a wide glyph.
  uint32_t scalars[5];
  /// Bits in the order bold, dim, italic, underline, blink, reverse, strikethrough.
  uint32_t attributes;
  /// A number given to cn_set_pair, or 0 for the terminal's own colours.
  int32_t pair;
  /// Columns: 1, 2, or 0 for a right half.
  uint32_t width;
} cn_cell;

/// Why a screen did not open.
enum cn_open_result {
  CN_OPEN_OK = 0,
  /// terminfo has no such entry.
  CN_OPEN_UNKNOWN = 1,
  /// The terminal cannot move its cursor.
  CN_OPEN_INCAPABLE = 2,
  /// A screen is open already, or there is no memory.
  CN_OPEN_BUSY = 3,
};

/// Sets the character type locale from the environment and tells whether it is UTF-8.
///
/// Where the environment names a UTF-8 locale that this host does not have, C.UTF-8 is taken.
bool cn_set_locale(void);

/// Opens a screen of a terminal type on two descriptors, which are duplicated.
///
/// `is_xterm` says that the terminal understands xterm's private modes and window operations, `is_direct` that it has 24-bit colour.
int cn_open(const char *term, int input, int output, bool is_xterm, bool is_direct);

/// Gives the terminal back for good.
void cn_close(void);

/// Gives the terminal back until cn_resume.
void cn_suspend(void);

/// Whether this process may set the terminal's modes without being stopped for it (SIGTTOU, termios(3)).
bool cn_is_foreground(void);

/// Takes the terminal again; the next frame draws everything.
void cn_resume(void);

/// Colours that the terminal has, 0 without any.
int cn_color_count(void);

/// Colour pairs that can be set, counted from 1; the number is one past the last.
int cn_pair_count(void);

/// Sets a pair; -1 is the terminal's own colour, from 256 on it is red, green and blue where cn_color_count allows it. False when it cannot be set.
bool cn_set_pair(int pair, int foreground, int background);

/// Forgets all pairs at once; the next frame draws everything.
///
/// To redefine a single pair, curses would search the whole screen for it each time.
void cn_forget_pairs(void);

/// The size that curses draws at.
void cn_size(int *rows, int *width);

/// Asks the kernel for the terminal's size and takes it over; false when it has not changed.
bool cn_resize(void);

/// Puts a whole row; nothing reaches the terminal before cn_send_frame.
void cn_put_row(int row, const cn_cell *cells, int count);

/// Makes the next frame draw everything, whatever the terminal shows now.
void cn_invalidate(void);

/// Makes the frame's bytes of what was put. A negative row hides the cursor.
void cn_end_frame(int cursor_row, int cursor_column);

/// Sends the frame that was made last, in one piece.
void cn_send_frame(void);

/// Sends bytes to the terminal as they are.
void cn_send(const char *bytes, size_t count);

#endif
