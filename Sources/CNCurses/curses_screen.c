#include "curses_state.h"

#include "curses_capture.h"
#include "curses_direct.h"
#include "curses_screen.h"
#include "terminal_guard.h"

#include <errno.h>
#include <fcntl.h>
#include <langinfo.h>
#include <locale.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/ioctl.h>
#include <term.h>
#include <unistd.h>

cn_state cn;

static const char enter_modes[] = "\033[22;2t\033[?2004h";
// Mouse, focus, paste and synchronized output off, before the cursor and the colours, before the alternate screen is left.
static const char leave_modes[] =
    "\033[?1000l\033[?1002l\033[?1003l\033[?1006l\033[?1004l\033[?2004l\033[?2026l\033[23;2t";

static bool is_utf8_name(const char *name) { return strcasestr(name, "utf-8") || strcasestr(name, "utf8"); }

bool cn_set_locale(void) {
  setlocale(LC_CTYPE, "");
  if (!is_utf8_name(nl_langinfo(CODESET))) {
    const char *wish = getenv("LC_ALL");
    if (!wish || !*wish) wish = getenv("LC_CTYPE");
    if (!wish || !*wish) wish = getenv("LANG");
    if (wish && is_utf8_name(wish)) setlocale(LC_CTYPE, "C.UTF-8");
  }
  cn.is_utf8 = is_utf8_name(nl_langinfo(CODESET));
  return cn.is_utf8;
}

void cn_send(const char *bytes, size_t count) {
  while (count > 0) {
    ssize_t written = write(cn.descriptor, bytes, count);
    if (written > 0) {
      bytes += written;
      count -= (size_t)written;
    } else if (errno == EAGAIN) {
      struct pollfd ready = {.fd = cn.descriptor, .events = POLLOUT};
      poll(&ready, 1, -1);
    } else if (errno != EINTR) {
      return;
    }
  }
}

/// Appends a terminfo string without its padding (`$<5>`), which only a hardware terminal needed.
static size_t append(char *bytes, size_t count, size_t limit, const char *text) {
  if (!text || text == (const char *)-1) return count;
  while (*text && count < limit) {
    if (text[0] == '$' && text[1] == '<') {
      const char *end = strchr(text, '>');
      if (end) {
        text = end + 1;
        continue;
      }
    }
    bytes[count++] = *text++;
  }
  return count;
}

static void arm_guard(void) {
  char bytes[512];
  size_t count = 0;
  if (cn.is_xterm) count = append(bytes, count, sizeof bytes, leave_modes);
  count = append(bytes, count, sizeof bytes, keypad_local);
  count = append(bytes, count, sizeof bytes, cursor_normal);
  count = append(bytes, count, sizeof bytes, exit_attribute_mode);
  count = append(bytes, count, sizeof bytes, exit_ca_mode);
  terminal_guard_arm(bytes, count);
}

/// Calls newterm with a description of 24-bit colour in place of the installed one; TERMINFO is put back, for our children.
static SCREEN *open_direct(const char *term) {
  char *text = cn_describe_direct(term, cn.descriptor);
  if (!text) return NULL;
  const char *found = getenv("TERMINFO");
  char *before = found ? strdup(found) : NULL;
  setenv("TERMINFO", text, 1);
  SCREEN *screen = newterm(term, cn.output, cn.input);
  if (before) setenv("TERMINFO", before, 1);
  else unsetenv("TERMINFO");
  free(before);
  free(text);
  return screen;
}

/// Calls newterm with our signals kept: ncurses would end the program on SIGINT and SIGTERM by itself, and not in order.
static SCREEN *open_quietly(const char *term, bool is_direct) {
  static const int taken[] = {SIGINT, SIGTERM, SIGTSTP, SIGWINCH};
  struct sigaction before[4];
  for (int index = 0; index < 4; index++) sigaction(taken[index], NULL, &before[index]);
  SCREEN *screen = is_direct ? open_direct(term) : NULL;
  if (!screen) screen = newterm(term, cn.output, cn.input);
  for (int index = 0; index < 4; index++) sigaction(taken[index], &before[index], NULL);
  return screen;
}

static void close_files(void) {
  cn_capture_close();
  cn.descriptor = -1;
  if (cn.input) fclose(cn.input);
  if (cn.output) fclose(cn.output);
  cn.input = cn.output = NULL;
}

static bool open_files(int input, int output) {
  // Closed on exec: a command that inherited the terminal could write to it, and would hold it open after our end.
  int copies[2] = {fcntl(input, F_DUPFD_CLOEXEC, 3), fcntl(output, F_DUPFD_CLOEXEC, 3)};
  cn.input = copies[0] < 0 ? NULL : fdopen(copies[0], "r");
  cn.output = copies[1] < 0 ? NULL : fdopen(copies[1], "w");
  if (cn.input && cn.output) {
    // Not the number that curses writes to: while a frame is collected that one is not the terminal.
    cn.descriptor = cn_capture_open(copies[1]);
    if (cn.descriptor >= 0) return true;
    close_files();
    return false;
  }
  if (!cn.input && copies[0] >= 0) close(copies[0]);
  if (!cn.output && copies[1] >= 0) close(copies[1]);
  close_files();
  return false;
}

static void set_modes(void) {
  raw();
  noecho();
  nonl();
  set_escdelay(25);
  nodelay(stdscr, TRUE);
  // A frame is sent whole, keys or not.
  typeahead(-1);
  keypad(stdscr, TRUE);
  define_key("\033[<", CODE_MOUSE);
  define_key("\033[200~", CODE_PASTE_BEGIN);
  define_key("\033[201~", CODE_PASTE_END);
  define_key("\033[I", CODE_FOCUS);
  define_key("\033[O", CODE_FOCUS);
  if (has_colors() && start_color() == OK) cn.has_default_colors = use_default_colors() == OK;
}

int cn_open(const char *term, int input, int output, bool is_xterm, bool is_direct) {
  if (cn.screen || !open_files(input, output)) return CN_OPEN_BUSY;
  cn.is_xterm = is_xterm;
  terminal_guard_save(cn.descriptor);
  cn.screen = open_quietly(term, is_direct);
  if (!cn.screen) {
    close_files();
    return CN_OPEN_UNKNOWN;
  }
  if (!cursor_address || cursor_address == (char *)-1) {
    cn_close();
    return CN_OPEN_INCAPABLE;
  }
  arm_guard();
  set_modes();
  curs_set(0);
  cn.cursor_shown = false;
  if (is_xterm) cn_send(enter_modes, sizeof enter_modes - 1);
  return CN_OPEN_OK;
}

/// Leaves curses' mode with the cursor as it was found; the guard is let go only after that, so that no moment is unguarded.
static void leave(void) {
  if (cn.is_xterm) cn_send(leave_modes, sizeof leave_modes - 1);
  endwin();
  terminal_guard_disarm();
}

void cn_close(void) {
  if (!cn.screen) return;
  if (!isendwin()) leave();
  delscreen(cn.screen);
  cn.screen = NULL;
  close_files();
  cn_forget_overdrawn();
}

void cn_suspend(void) {
  if (cn.screen && !isendwin()) leave();
}

bool cn_is_foreground(void) {
  pid_t group = tcgetpgrp(cn.descriptor);
  // A terminal that is not our controlling terminal stops no process of ours.
  return group < 0 || group == getpgrp();
}

void cn_resume(void) {
  if (!cn.screen || !isendwin()) return;
  // The shell may have changed the modes meanwhile; these are the ones to give back.
  def_shell_mode();
  terminal_guard_save(cn.descriptor);
  arm_guard();
  reset_prog_mode();
  cn_invalidate();
  doupdate();
  curs_set(0);
  cn.cursor_shown = false;
  if (cn.is_xterm) cn_send(enter_modes, sizeof enter_modes - 1);
}

int cn_color_count(void) { return has_colors() ? COLORS : 0; }

int cn_pair_count(void) { return has_colors() ? COLOR_PAIRS : 0; }

bool cn_set_pair(int pair, int foreground, int background) {
  if (!cn.has_default_colors) {
    if (foreground < 0) foreground = COLOR_WHITE;
    if (background < 0) background = COLOR_BLACK;
  }
  return init_extended_pair(pair, foreground, background) == OK;
}

void cn_forget_pairs(void) {
  if (!has_colors()) return;
  reset_color_pairs();
  if (cn.has_default_colors) use_default_colors();
  cn_invalidate();
}

void cn_size(int *rows, int *width) { getmaxyx(stdscr, *rows, *width); }

bool cn_resize(void) {
  struct winsize size;
  int rows, width;
  getmaxyx(stdscr, rows, width);
  if (ioctl(cn.descriptor, TIOCGWINSZ, &size) != 0 || size.ws_row == 0 || size.ws_col == 0) return false;
  if (size.ws_row == rows && size.ws_col == width) return false;
  resizeterm(size.ws_row, size.ws_col);
  cn_forget_overdrawn();
  cn_invalidate();
  return true;
}

void cn_invalidate(void) { clearok(curscr, TRUE); }
