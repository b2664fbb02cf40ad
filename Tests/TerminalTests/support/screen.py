"""The program in a real pseudo-terminal, read back through an emulator."""

import errno
import fcntl
import os
import pty
import select
import signal
import struct
import subprocess
import termios
import time

from .deadline import DEADLINE
from .emulator import Emulator, EmulatorStream
from .program import BOXWATCH

#: The edges of a synchronized update.
BEGIN_UPDATE, END_UPDATE = b"\x1b[?2026h", b"\x1b[?2026l"


class Screen:
    """A terminal of a given size with a program as its session's leader.

    Everything that the program writes is kept in `raw`, and fed to the emulator. A synchronized update (mode 2026) is
    shown when it is whole, as terminals do; each of `watchers` is called with the screen after every update, so that a
    test can look at every frame.
    """

    def __init__(self, scratch, *arguments, rows=30, columns=120, environment=None, program=None, cwd=None):
        self.emulator = Emulator(columns, rows)
        self._stream = EmulatorStream(self.emulator)
        self.raw = bytearray()
        self._waiting = bytearray()
        self._is_updating = False
        self.watchers = []
        self._status = None
        self._ended = False
        self._master, slave = pty.openpty()
        self._set_size(rows, columns)
        self.settings_before = self.settings()
        self.pid = self._spawn(slave, [*(program or [BOXWATCH]), *map(str, arguments)],
                               scratch.environment(**(environment or {})), cwd or scratch.work)
        os.close(slave)

    @staticmethod
    def _spawn(slave, command, environment, cwd):
        pid = os.fork()
        if pid:
            return pid
        try:
            os.setsid()
            # Python ignores it, and what is ignored stays so across execve(2).
            signal.signal(signal.SIGPIPE, signal.SIG_DFL)
            fcntl.ioctl(slave, termios.TIOCSCTTY, 0)
            for target in (0, 1, 2):
                os.dup2(slave, target)
            os.closerange(3, 256)
            os.chdir(cwd)
            os.execvpe(command[0], command, environment)
        finally:
            os._exit(99)

    # Reading

    def pump(self, seconds=0.05):
        """Reads what the terminal gets within a time; false at its end."""
        if self._ended:
            return False
        if not select.select([self._master], [], [], seconds)[0]:
            return True
        try:
            data = os.read(self._master, 1 << 16)
        except OSError as error:
            if error.errno != errno.EIO:
                raise
            data = b""
        self.raw += data
        self._waiting += data
        while self._show_next(is_last=not data):
            pass
        self._ended = not data
        return not self._ended

    def _show_next(self, is_last):
        """Shows what is waiting up to the next edge of a synchronized update; false when there is none yet."""
        edge = END_UPDATE if self._is_updating else BEGIN_UPDATE
        data, found, rest = self._waiting.partition(edge)
        if not found and not is_last:
            if self._is_updating:
                return False
            # The edge itself may be cut by the read.
            cut = next((size for size in range(len(edge) - 1, 0, -1) if data.endswith(edge[:size])), 0)
            data, rest = data[:len(data) - cut], data[len(data) - cut:]
        self._waiting = bytearray(rest)
        self._is_updating ^= bool(found)
        if data:
            self._stream.feed(bytes(data))
            for watcher in self.watchers:
                watcher(self)
        return bool(found)

    def text(self):
        """The screen as text, lines without the blanks at their ends."""
        return "\n".join(self.emulator.rows())

    def lines(self):
        return self.emulator.rows()

    def wait_for(self, wanted, what=None, deadline=DEADLINE):
        """Reads until a text is on the screen, or a predicate of the screen is true; returns its value."""
        end = time.monotonic() + deadline
        holds = (lambda screen: wanted in screen.text()) if isinstance(wanted, str) else wanted
        while True:
            value = holds(self)
            if value:
                return value
            if time.monotonic() > end or not self.pump():
                value = holds(self)
                if value:
                    return value
                reason = "the terminal ended" if self._ended else f"{deadline:.0f} s went by"
                raise AssertionError(f"{reason} without {what or wanted!r}; the screen:\n{self.text()}")

    def wait_while(self, unwanted, deadline=DEADLINE):
        """Reads until a text is gone from the screen."""
        self.wait_for(lambda screen: unwanted not in screen.text(), f"the end of {unwanted!r}", deadline)

    def columns(self):
        """The screen's cells; the second half of a wide character is an empty text."""
        buffer, width = self.emulator.buffer, self.emulator.columns
        return [[buffer[row][column].data for column in range(width)] for row in range(self.emulator.lines)]

    def find(self, text):
        """The row and column, from 0, where a text is first seen; fails when it is not there."""
        for number, row in enumerate(self.columns()):
            at = "".join(row).find(text)
            if at >= 0:
                width, column = 0, 0
                while width < at:
                    width += len(row[column])
                    column += 1
                return number, column
        raise AssertionError(f"{text!r} is not on the screen:\n{self.text()}")

    def cell(self, row, column):
        """A cell: data, fg, bg, bold, italics, underscore, strikethrough, reverse."""
        return self.emulator.buffer[row][column]

    def cell_of(self, text):
        """The first cell of a text."""
        return self.cell(*self.find(text))

    # Writing

    def send(self, keys):
        """Types."""
        data = keys.encode() if isinstance(keys, str) else keys
        while data:
            # A flooding program reads its keys only while its own output is read.
            readable, writable, _ = select.select([] if self._ended else [self._master], [self._master], [], DEADLINE)
            if readable:
                self.pump(0)
            if writable:
                data = data[os.write(self._master, data[:512]):]
            elif not readable:
                raise AssertionError("the terminal takes no keys")

    def resize(self, rows, columns):
        """Changes the terminal's size; the kernel sends SIGWINCH."""
        self.emulator.resize(rows, columns)
        self._set_size(rows, columns)

    def signal(self, number):
        os.kill(self.pid, number)

    # The terminal

    def _set_size(self, rows, columns):
        fcntl.ioctl(self._master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def settings(self):
        """What `stty -a` says now."""
        return subprocess.run(["stty", "-a"], stdin=self._master, capture_output=True, check=True).stdout.decode()

    # The end

    @property
    def ended(self):
        """Whether no process is left that could write to the terminal."""
        return self._ended

    def finish(self, deadline=DEADLINE):
        """Reads to the terminal's end and returns the exit status, negative for a signal."""
        end = time.monotonic() + deadline
        while self.pump():
            if time.monotonic() > end:
                raise AssertionError(f"the program goes on; the screen:\n{self.text()}")
        return self.status(max(0, end - time.monotonic()))

    def status(self, deadline=DEADLINE):
        """The exit status once the program has ended, reading on meanwhile."""
        end = time.monotonic() + deadline
        while self.status_now() is None:
            if time.monotonic() > end:
                raise AssertionError(f"the program has not ended; the screen:\n{self.text()}")
            if not self.pump():
                time.sleep(0.01)
        return self._status

    def status_now(self):
        """The exit status, or nothing while it runs."""
        if self._status is None:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            self._status = os.waitstatus_to_exitcode(status) if pid else None
        return self._status

    def hang_up(self):
        """Closes the terminal, as when its window is closed."""
        os.close(self._master)
        self._master = -1
        self._ended = True

    def left(self):
        """What was written after the alternate screen was left: what stays in the user's terminal."""
        raw = bytes(self.raw)
        _, found, rest = raw[max(0, raw.rfind(b"\x1b[?1049h")):].partition(b"\x1b[?1049l")
        return rest if found else b""

    def close(self):
        """Ends the program, if it has not ended, and the terminal."""
        if self._status is None:
            try:
                os.kill(self.pid, signal.SIGKILL)
                os.kill(self.pid, signal.SIGCONT)
            except ProcessLookupError:
                pass
            self._status = os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
        if self._master >= 0:
            os.close(self._master)
            self._master = -1
