"""A terminal emulator: pyte, and what xterm's description promises beyond pyte."""

import pyte

#: The control sequences that ncurses may use for xterm, and pyte lacks.
EXTRA = {"b": "repeat_last", "S": "scroll_up", "T": "scroll_down", "Z": "cursor_back_tab", "t": "window_operation"}


class Emulator(pyte.Screen):
    """A screen that also repeats characters (REP), scrolls (SU, SD) and tabs back (CBT)."""

    def __init__(self, columns, rows):
        self.answers = []
        self._last = " "
        super().__init__(columns, rows)

    def draw(self, data):
        if data:
            self._last = data[-1]
        super().draw(data)

    def repeat_last(self, count=1):
        super().draw(self._last * (count or 1))

    def scroll_up(self, count=1):
        self._scroll(self.margins.top if self.margins else 0, self.delete_lines, count)

    def scroll_down(self, count=1):
        self._scroll(self.margins.top if self.margins else 0, self.insert_lines, count)

    def _scroll(self, top, operation, count):
        x, y = self.cursor.x, self.cursor.y
        self.cursor.y = top
        operation(count or 1)
        self.cursor.x, self.cursor.y = x, y

    def cursor_back_tab(self, count=1):
        for _ in range(count or 1):
            self.cursor.x = max([stop for stop in self.tabstops if stop < self.cursor.x], default=0)

    def window_operation(self, *_):
        """Titles pushed and popped: nothing visible."""

    def write_process_input(self, data):
        self.answers.append(data)

    def rows(self):
        """The screen's lines, without the blanks at their ends."""
        return [line.rstrip() for line in self.display]


class EmulatorStream(pyte.ByteStream):
    """Feeds bytes to an emulator."""

    csi = {**pyte.ByteStream.csi, **EXTRA}
    events = pyte.ByteStream.events | frozenset(EXTRA.values())
