#include "curses_state.h"

#include "curses_direct.h"

#include <stdlib.h>
#include <string.h>
#include <term.h>

enum { MAGIC_32_BIT = 01036, LIMIT = 16 * 1024 };

/// A compiled description as it grows, with everything little-endian (term(5)).
typedef struct {
  unsigned char bytes[LIMIT];
  size_t count;
  bool is_full;
} description;

static void add_byte(description *target, unsigned value) {
  if (target->count < LIMIT) target->bytes[target->count++] = (unsigned char)value;
  else target->is_full = true;
}

static void add_short(description *target, unsigned value) {
  add_byte(target, value & 0xFF);
  add_byte(target, value >> 8 & 0xFF);
}

static void add_int(description *target, unsigned value) {
  add_short(target, value & 0xFFFF);
  add_short(target, value >> 16);
}

static void add_text(description *target, const char *text) {
  while (*text) add_byte(target, (unsigned char)*text++);
  add_byte(target, 0);
}

static void align(description *target) {
  if (target->count % 2) add_byte(target, 0);
}

static unsigned count_names(NCURSES_CONST char *const *names) {
  unsigned count = 0;
  while (names[count]) count++;
  return count;
}

/// The terminal's own string, or for the two that set colours: eight, sixteen, 256 by number, and above that by red, green and blue.
static const char *string_of(const char *name) {
  static const char foreground[] =
      "\033[%?%p1%{8}%<%t3%p1%d%e%p1%{16}%<%t9%p1%{8}%-%d%e%p1%{256}%<%t38;5;%p1%d%e"
      "38;2;%p1%{65536}%/%d;%p1%{256}%/%{255}%&%d;%p1%{255}%&%d%;m";
  static const char background[] =
      "\033[%?%p1%{8}%<%t4%p1%d%e%p1%{16}%<%t10%p1%{8}%-%d%e%p1%{256}%<%t48;5;%p1%d%e"
      "48;2;%p1%{65536}%/%d;%p1%{256}%/%{255}%&%d;%p1%{255}%&%d%;m";
  if (strcmp(name, "setaf") == 0) return foreground;
  if (strcmp(name, "setab") == 0) return background;
  // Colours that can be redefined would have curses keep a table of sixteen million.
  if (strcmp(name, "initc") == 0 || strcmp(name, "oc") == 0) return NULL;
  const char *text = tigetstr((char *)name);
  return text == (const char *)-1 ? NULL : text;
}

static unsigned number_of(const char *name) {
  if (strcmp(name, "colors") == 0) return 0x1000000;
  if (strcmp(name, "pairs") == 0) return 0x10000;
  return (unsigned)tigetnum((char *)name);
}

static void add_strings(description *target, unsigned count) {
  unsigned offset = 0;
  for (unsigned index = 0; index < count; index++) {
    const char *text = string_of(strnames[index]);
    add_short(target, text ? offset : 0xFFFF);
    if (text) offset += (unsigned)strlen(text) + 1;
  }
  for (unsigned index = 0; index < count; index++) {
    const char *text = string_of(strnames[index]);
    if (text) add_text(target, text);
  }
}

static unsigned size_of_strings(unsigned count) {
  unsigned size = 0;
  for (unsigned index = 0; index < count; index++) {
    const char *text = string_of(strnames[index]);
    if (text) size += (unsigned)strlen(text) + 1;
  }
  return size;
}

/// The part for names that terminfo did not foresee: RGB says that colours are direct, CO that the first 256 are not.
static void add_extensions(description *target) {
  static const char names[] = "RGB\0CO";
  align(target);
  add_short(target, 1);
  add_short(target, 1);
  add_short(target, 0);
  add_short(target, 2);
  add_short(target, sizeof names);
  add_byte(target, 1);
  align(target);
  add_int(target, 256);
  add_short(target, 0);
  add_short(target, 4);
  for (size_t index = 0; index < sizeof names; index++) add_byte(target, (unsigned char)names[index]);
}

static void describe(description *target, const char *term) {
  unsigned flags = count_names(boolnames), numbers = count_names(numnames), strings = count_names(strnames);
  add_short(target, MAGIC_32_BIT);
  add_short(target, (unsigned)strlen(term) + 1);
  add_short(target, flags);
  add_short(target, numbers);
  add_short(target, strings);
  add_short(target, size_of_strings(strings));
  add_text(target, term);
  for (unsigned index = 0; index < flags; index++) {
    bool is_set = strcmp(boolnames[index], "ccc") != 0 && tigetflag((char *)boolnames[index]) > 0;
    add_byte(target, is_set);
  }
  align(target);
  for (unsigned index = 0; index < numbers; index++) add_int(target, number_of(numnames[index]));
  add_strings(target, strings);
  add_extensions(target);
}

static char *encode(const description *source) {
  static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  static const char prefix[] = "b64:";
  char *text = malloc(sizeof prefix + (source->count + 2) / 3 * 4);
  if (!text) return NULL;
  char *end = stpcpy(text, prefix);
  for (size_t index = 0; index < source->count; index += 3) {
    unsigned group = 0;
    for (size_t part = 0; part < 3; part++) {
      group = group << 8 | (index + part < source->count ? source->bytes[index + part] : 0);
    }
    for (int part = 3; part >= 0; part--) *end++ = digits[group >> (6 * part) & 63];
    for (size_t part = source->count - index; part < 3; part++) end[part - 4 + 1] = '=';
  }
  *end = 0;
  return text;
}

char *cn_describe_direct(const char *term, int descriptor) {
  int status = 0;
  if (setupterm((char *)term, descriptor, &status) != OK) return NULL;
  description *target = calloc(1, sizeof *target);
  char *text = NULL;
  // A terminal with fewer than 256 colours by its own description is not asked for sixteen million.
  if (target && tigetnum("colors") >= 256) {
    describe(target, term);
    if (!target->is_full) text = encode(target);
  }
  free(target);
  del_curterm(cur_term);
  return text;
}
