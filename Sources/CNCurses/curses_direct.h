#ifndef CNCURSES_DIRECT_H
#define CNCURSES_DIRECT_H

/// The description of a terminal type with 24-bit colour added, as a value of TERMINFO (`b64:`, ncurses 6.1 and later); NULL when there is none.
///
/// ncurses uses 24-bit colour only where terminfo says so, and the entries that do are installed almost nowhere. So the terminal's own entry is read,
/// its two colour strings and its number of colours are replaced, and the rest stays as it is. Colours 0 to 255 keep their meaning.
/// The caller frees the text.
char *cn_describe_direct(const char *term, int descriptor);

#endif
