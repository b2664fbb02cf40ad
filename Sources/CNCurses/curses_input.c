#include "curses_state.h"

#include "curses_input.h"

#include <wchar.h>

static cn_event event(int kind, uint32_t value) { return (cn_event){.kind = kind, .value = value}; }

static cn_event key_event(wint_t code) {
  static const struct {
    wint_t code;
    int key;
  } keys[] = {
      {KEY_UP, CN_KEY_UP},          {KEY_DOWN, CN_KEY_DOWN},        {KEY_LEFT, CN_KEY_LEFT},
      {KEY_RIGHT, CN_KEY_RIGHT},    {KEY_HOME, CN_KEY_HOME},        {KEY_A1, CN_KEY_HOME},
      {KEY_FIND, CN_KEY_HOME},      {KEY_END, CN_KEY_END},          {KEY_C1, CN_KEY_END},
      {KEY_SELECT, CN_KEY_END},     {KEY_PPAGE, CN_KEY_PAGE_UP},    {KEY_A3, CN_KEY_PAGE_UP},
      {KEY_NPAGE, CN_KEY_PAGE_DOWN}, {KEY_C3, CN_KEY_PAGE_DOWN},    {KEY_IC, CN_KEY_INSERT},
      {KEY_DC, CN_KEY_DELETE},      {KEY_ENTER, CN_KEY_ENTER},      {KEY_BTAB, CN_KEY_BACK_TAB},
      {KEY_BACKSPACE, CN_KEY_BACKSPACE},
  };
  for (size_t index = 0; index < sizeof keys / sizeof *keys; index++) {
    if (keys[index].code == code) return event(CN_EVENT_KEY, (uint32_t)keys[index].key);
  }
  if (code >= KEY_F(1) && code <= KEY_F(12)) return event(CN_EVENT_KEY, (uint32_t)(CN_KEY_F1 + (code - KEY_F(1))));
  return event(CN_EVENT_IGNORED, 0);
}

/// Reads what follows `ESC [ <`: button ; column ; row, then M for a press and m for a release (xterm, SGR mouse mode 1006).
static cn_event read_mouse(void) {
  int numbers[3] = {0, 0, 0};
  int part = 0;
  wint_t character = 0;
  wtimeout(stdscr, 25);
  for (int length = 0; length < 32; length++) {
    if (wget_wch(stdscr, &character) != OK) break;
    if (character >= '0' && character <= '9' && numbers[part] < 100000) {
      numbers[part] = 10 * numbers[part] + (int)(character - '0');
    } else if (character == ';' && part < 2) {
      part++;
    } else {
      break;
    }
  }
  nodelay(stdscr, TRUE);
  if (part != 2 || (character != 'M' && character != 'm')) return event(CN_EVENT_IGNORED, 0);
  cn_event result = event(CN_EVENT_MOUSE, (uint32_t)numbers[0]);
  result.column = numbers[1] - 1;
  result.row = numbers[2] - 1;
  result.pressed = character == 'M';
  return result;
}

cn_event cn_read(void) {
  wint_t code = 0;
  int kind = wget_wch(stdscr, &code);
  if (kind == OK) return event(CN_EVENT_CHARACTER, (uint32_t)code);
  if (kind != KEY_CODE_YES) return event(CN_EVENT_NONE, 0);
  switch (code) {
    case CODE_MOUSE: return read_mouse();
    case CODE_PASTE_BEGIN: return event(CN_EVENT_PASTE_BEGIN, 0);
    case CODE_PASTE_END: return event(CN_EVENT_PASTE_END, 0);
    default: return key_event(code);
  }
}
