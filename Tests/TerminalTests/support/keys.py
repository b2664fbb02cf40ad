"""What xterm sends for keys, with the keypad in application mode, as curses asks for it."""

UP, DOWN, RIGHT, LEFT = "\x1bOA", "\x1bOB", "\x1bOC", "\x1bOD"
HOME, END = "\x1bOH", "\x1bOF"
PAGE_UP, PAGE_DOWN = "\x1b[5~", "\x1b[6~"
ENTER, TAB, BACK_TAB, ESCAPE, BACKSPACE = "\r", "\t", "\x1b[Z", "\x1b", "\x7f"
DELETE = "\x1b[3~"


def control(letter):
    """Ctrl with a letter."""
    return chr(ord(letter.upper()) & 0x1F)


def press(row, column, button=0):
    """A mouse button going down at a cell, counted from 0."""
    return f"\x1b[<{button};{column + 1};{row + 1}M"


def release(row, column, button=0):
    """A mouse button going up."""
    return f"\x1b[<{button};{column + 1};{row + 1}m"


def click(row, column):
    """A press and a release of the left button."""
    return press(row, column) + release(row, column)


def wheel(row, column, up):
    """One notch of the wheel."""
    return press(row, column, 64 if up else 65)


def paste(text):
    """A bracketed paste."""
    return f"\x1b[200~{text}\x1b[201~"
