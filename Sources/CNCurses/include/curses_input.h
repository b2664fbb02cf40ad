#ifndef CNCURSES_INPUT_H
#define CNCURSES_INPUT_H

#include <stdint.h>

/// What kind of thing came from the keyboard.
enum cn_event_kind {
  CN_EVENT_NONE = 0,
  /// `value` is a Unicode scalar as typed, control characters included.
  CN_EVENT_CHARACTER,
  /// `value` is one of cn_key.
  CN_EVENT_KEY,
  /// `value` is xterm's button number, `pressed` tells press from release.
  CN_EVENT_MOUSE,
  CN_EVENT_PASTE_BEGIN,
  CN_EVENT_PASTE_END,
  /// Something that has no meaning here; read on.
  CN_EVENT_IGNORED,
};

/// Keys without a character; F1 to F12 follow CN_KEY_F1.
enum cn_key {
  CN_KEY_UP,
  CN_KEY_DOWN,
  CN_KEY_LEFT,
  CN_KEY_RIGHT,
  CN_KEY_HOME,
  CN_KEY_END,
  CN_KEY_PAGE_UP,
  CN_KEY_PAGE_DOWN,
  CN_KEY_INSERT,
  CN_KEY_DELETE,
  CN_KEY_ENTER,
  CN_KEY_TAB,
  CN_KEY_BACK_TAB,
  CN_KEY_BACKSPACE,
  CN_KEY_ESCAPE,
  CN_KEY_F1,
};

/// One thing that came from the keyboard.
typedef struct {
  int32_t kind;
  uint32_t value;
  int32_t row;
  int32_t column;
  int32_t pressed;
} cn_event;

/// Reads one event without waiting (an escape sequence that has begun is waited for, 25 ms).
cn_event cn_read(void);

#endif
