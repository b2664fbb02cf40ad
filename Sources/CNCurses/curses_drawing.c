#include "curses_state.h"

#include "curses_capture.h"
#include "curses_screen.h"

#include <stdlib.h>
#include <string.h>
#include <term.h>
#include <wchar.h>

/// A glyph whose width the C library, and so perhaps the terminal, sees otherwise than we do.
///
/// curses draws no-break spaces in its place; when the frame is out it is drawn over them at its own position, in every frame, since curses may have
/// scrolled or shifted what was there. Whatever width the terminal gives it, the cells to its right are where they belong. Emoji newer than libc,
/// U+FE0F forms, flags and skin tones are such.
///
/// The no-break space is never sent for anything else, so that curses sees a difference, and draws a blank, where such a glyph goes away.
typedef struct {
  int row;
  int column;
  cn_cell cell;
} overdrawn;

static overdrawn *pending;
static size_t pending_count, pending_capacity;

enum { PLACEHOLDER = 0xA0 };

static char *out;
static size_t out_count, out_capacity;

void cn_forget_overdrawn(void) { pending_count = 0; }

static attr_t attributes_of(uint32_t bits) {
  attr_t result = A_NORMAL;
  if (bits & 1) result |= A_BOLD;
  if (bits & 2) result |= A_DIM;
  if (bits & 4) result |= A_ITALIC;
  if (bits & 8) result |= A_UNDERLINE;
  if (bits & 16) result |= A_BLINK;
  if (bits & 32) result |= A_REVERSE;
  return result;
}

/// Whether curses and the C library agree with the cell's width.
static bool is_certain(const cn_cell *cell) {
  uint32_t base = cell->scalars[0];
  if (base < 0x7F && cell->scalars[1] == 0) return true;
  if (base >= 0x1F1E6 && base <= 0x1F3FF && (base <= 0x1F1FF || base >= 0x1F3FB)) return false;
  if (wcwidth((wchar_t)base) != (int)cell->width) return false;
  for (int index = 1; index < 5 && cell->scalars[index]; index++) {
    if (cell->scalars[index] == 0xFE0F || wcwidth((wchar_t)cell->scalars[index]) != 0) return false;
  }
  return true;
}

/// Whether the locale's character set has the glyph; in UTF-8 it has all.
static bool is_encodable(const cn_cell *cell) {
  char bytes[16];
  mbstate_t state = {0};
  if (cn.is_utf8) return true;
  return cell->scalars[1] == 0 && wcrtomb(bytes, (wchar_t)cell->scalars[0], &state) != (size_t)-1 && is_certain(cell);
}

static void set_wide(cchar_t *target, const uint32_t *scalars, const cn_cell *cell) {
  wchar_t text[CCHARW_MAX + 1] = {0};
  for (int index = 0; index < 5 && scalars[index]; index++) text[index] = (wchar_t)scalars[index];
  int pair = cell->pair;
  setcchar(target, text, attributes_of(cell->attributes), (short)(pair > 0x7FFF ? 0x7FFF : pair), &pair);
}

static void set_blank(cchar_t *target, const cn_cell *cell, uint32_t glyph) {
  uint32_t scalars[5] = {glyph, 0, 0, 0, 0};
  set_wide(target, scalars, cell);
}

static void remember(int row, int column, const cn_cell *cell) {
  if (pending_count == pending_capacity) {
    size_t capacity = pending_capacity ? 2 * pending_capacity : 64;
    overdrawn *grown = realloc(pending, capacity * sizeof *grown);
    if (!grown) return;
    pending = grown;
    pending_capacity = capacity;
  }
  pending[pending_count++] = (overdrawn){row, column, *cell};
}

static void forget_row(int row) {
  size_t kept = 0;
  for (size_t index = 0; index < pending_count; index++) {
    if (pending[index].row != row) pending[kept++] = pending[index];
  }
  pending_count = kept;
}

void cn_put_row(int row, const cn_cell *cells, int count) {
  int rows, width;
  getmaxyx(stdscr, rows, width);
  if (row < 0 || row >= rows) return;
  if (count > width) count = width;
  cchar_t line[count > 0 ? count + 1 : 1];
  memset(line, 0, sizeof line);
  int filled = 0, used = 0;
  forget_row(row);
  while (used < count) {
    const cn_cell *cell = &cells[used];
    int extent = cell->width == 2 && used + 1 < count ? 2 : 1;
    if (cell->scalars[0] < 0x20 || cell->scalars[0] == PLACEHOLDER || (cell->width == 2 && extent == 1)) {
      set_blank(&line[filled++], cell, ' ');
    } else if (!is_encodable(cell)) {
      set_blank(&line[filled++], cell, '?');
      if (extent == 2) set_blank(&line[filled++], cell, ' ');
    } else if (is_certain(cell)) {
      set_wide(&line[filled++], cell->scalars, cell);
    } else {
      remember(row, used, cell);
      for (int column = 0; column < extent; column++) set_blank(&line[filled++], cell, PLACEHOLDER);
    }
    used += extent;
  }
  mvwadd_wchnstr(stdscr, row, 0, line, filled);
}

/// Makes room for more bytes of the frame.
static bool reserve(size_t count) {
  if (out_capacity - out_count >= count) return true;
  size_t capacity = out_capacity ? 2 * out_capacity : 4096;
  while (capacity - out_count < count) capacity *= 2;
  char *grown = realloc(out, capacity);
  if (!grown) return false;
  out = grown;
  out_capacity = capacity;
  return true;
}

static int emit(int byte) {
  if (!reserve(1)) return EOF;
  out[out_count++] = (char)byte;
  return byte;
}

static void emit_text(const char *text) {
  while (*text) emit(*text++);
}

static void emit_captured(void) {
  size_t count = cn_captured_count();
  if (reserve(count)) out_count += cn_captured(out + out_count, count);
}

static void emit_capability(const char *capability) {
  if (capability && capability != (char *)-1) tputs(capability, 1, emit);
}

static void emit_scalar(uint32_t scalar) {
  if (scalar < 0x80) {
    emit((int)scalar);
    return;
  }
  int extra = scalar < 0x800 ? 1 : scalar < 0x10000 ? 2 : 3;
  static const int lead[] = {0, 0xC0, 0xE0, 0xF0};
  emit(lead[extra] | (int)(scalar >> (6 * extra)));
  while (extra-- > 0) emit(0x80 | (int)((scalar >> (6 * extra)) & 0x3F));
}

static void emit_position(int row, int column) { emit_capability(tiparm(cursor_address, row, column)); }

static void emit_style(const cn_cell *cell) {
  emit_capability(exit_attribute_mode);
  if (cell->attributes & 1) emit_capability(enter_bold_mode);
  if (cell->attributes & 2) emit_capability(enter_dim_mode);
  if (cell->attributes & 4) emit_capability(enter_italics_mode);
  if (cell->attributes & 8) emit_capability(enter_underline_mode);
  if (cell->attributes & 32) emit_capability(enter_reverse_mode);
  int foreground = -1, background = -1;
  if (cell->pair > 0 && extended_pair_content(cell->pair, &foreground, &background) != OK) return;
  if (foreground >= 0 && set_a_foreground) emit_capability(tiparm(set_a_foreground, foreground));
  if (background >= 0 && set_a_background) emit_capability(tiparm(set_a_background, background));
}

/// Draws the doubtful glyphs at their positions; curses left the attributes at normal, and so does this.
static void emit_overdrawn(int cursor_row, int cursor_column) {
  if (pending_count == 0) return;
  for (size_t index = 0; index < pending_count; index++) {
    emit_position(pending[index].row, pending[index].column);
    emit_style(&pending[index].cell);
    for (int part = 0; part < 5 && pending[index].cell.scalars[part]; part++) {
      emit_scalar(pending[index].cell.scalars[part]);
    }
  }
  emit_capability(exit_attribute_mode);
  emit_position(cursor_row, cursor_column);
}

/// Has curses write what differs; the cursor goes to its place and is shown or hidden.
static void update_screen(int row, int column, bool shown) {
  wmove(stdscr, row, column);
  wnoutrefresh(stdscr);
  doupdate();
  if (shown != cn.cursor_shown) curs_set(shown ? 1 : 0);
  cn.cursor_shown = shown;
}

void cn_end_frame(int cursor_row, int cursor_column) {
  bool shown = cursor_row >= 0;
  int rows, width;
  getmaxyx(stdscr, rows, width);
  int row = shown && cursor_row < rows ? cursor_row : 0;
  int column = shown && cursor_column >= 0 && cursor_column < width ? cursor_column : 0;
  out_count = 0;
  cn_capture_begin();
  if (cn.is_xterm) emit_text("\033[?2026h");
  update_screen(row, column, shown);
  cn_capture_end();
  emit_captured();
  emit_overdrawn(row, column);
  if (cn.is_xterm) emit_text("\033[?2026l");
}

void cn_send_frame(void) { cn_send(out, out_count); }
