"""Reading the monitor's screen: its panes, its list, its bottom line."""

import dataclasses

from .case import ProgramCase


@dataclasses.dataclass(frozen=True)
class Pane:
    """One pane as it is drawn: the words in its upper edge, and its rows without border and gutter."""

    title: str
    rows: list
    top: int
    left: int
    width: int

    @property
    def text(self):
        return "\n".join(self.rows)

    @property
    def lines(self):
        """The rows that hold output: without blanks, and without the line about the end."""
        return [row for row in self.rows if row and not row.startswith("─")]


class MonitorCase(ProgramCase):
    """Tests that look at the monitor."""

    def watch(self, *command, options=(), **more):
        """Opens the monitor on a command."""
        return self.open_screen("run", *options, "--", *command, **more)

    def watch_script(self, script, *options, **more):
        """Opens the monitor on a shell script in a file, so that its words are not on the screen."""
        path = self.scratch.write("job", f"#!/bin/sh\n{script}\n", mode=0o755)
        return self.watch(path, options=options, **more)

    def watch_bytes(self, content, *options, **more):
        """Opens the monitor on a command that writes a content and ends."""
        path = self.scratch.write("content", content)
        screen = self.watch("cat", path, options=options, **more)
        screen.wait_for(is_over, "the end")
        return screen

    def quit(self, screen, status=0):
        """Leaves the monitor by its key, and checks the exit status."""
        screen.send("q")
        self.assertEqual(status, screen.finish(), screen.left().decode("utf-8", "replace"))

    def assert_quits_after_the_end(self, screen, status=0):
        screen.wait_for(is_over, "the end")
        self.quit(screen, status)


#: The words of states in which an execution is over.
OVER = ("done", "failed", "signalled", "ended", "killed", "lost", "interrupted")


def header(screen):
    """The top line."""
    return screen.lines()[0]


def bottom(screen):
    """The bottom line: hints, a notice, or what is being typed."""
    return screen.lines()[-1]


def is_over(screen):
    """Whether the header says that every execution has ended."""
    line = header(screen)
    return any(f" {word}" in line for word in OVER) and not any(
        f" {word}" in line for word in ("running", "draining", "emptying", "starting", "stalled"))


def pane(screen, stream="stdout"):
    """A pane by its stream's name; None when it is not on the screen."""
    rows = screen.columns()
    name = f"┌ {stream}"
    for top, row in enumerate(rows):
        for left, cell in enumerate(row):
            if cell == "┌" and "".join(row[left:left + len(name)]) == name and "┐" in row[left:]:
                return _pane(rows, top, left)
    return None


def _pane(rows, top, left):
    right = rows[top].index("┐", left)
    found = []
    for row in rows[top + 1:]:
        if row[left] == "└":
            break
        # A blank, then the gutter's column, then the text.
        found.append("".join(row[left + 2:right]).rstrip() if row[left + 1] != "─" else "".join(row[left + 1:right]).rstrip())
    title = "".join(rows[top][left + 1:right]).rstrip("─")
    return Pane(title.strip(), found, top, left, right - left - 1)


def lines(screen, stream="stdout"):
    """The output's lines in a pane; none when the pane is not there."""
    found = pane(screen, stream)
    return found.lines if found else []
