"""The program between pipes: bytes in, bytes out, a status back."""

import dataclasses
import json
import os
import selectors
import subprocess
import time

from .deadline import DEADLINE
from .program import BOXWATCH


@dataclasses.dataclass(frozen=True)
class Result:
    """What a run left: its two streams, apart, and its exit status (negative for a signal)."""

    stdout: bytes
    stderr: bytes
    status: int

    @property
    def text(self):
        """Standard error as text, for messages."""
        return self.stderr.decode("utf-8", "replace")

    @property
    def events(self):
        """Standard output as JSON, one object a line."""
        return [json.loads(line) for line in self.stdout.splitlines()]


def word(argument):
    """An argument as the kernel takes it: bytes stay bytes."""
    return argument if isinstance(argument, bytes) else str(argument)


class Headless:
    """A running program whose standard streams are pipes, unless others are given."""

    def __init__(self, scratch, *arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                 environment=None, cwd=None, program=BOXWATCH):
        self.process = subprocess.Popen(
            [program, *map(word, arguments)], stdin=stdin, stdout=stdout, stderr=stderr, bufsize=0,
            env=scratch.environment(**(environment or {})), cwd=cwd or scratch.work, start_new_session=True)
        self._kept = {1: bytearray(), 2: bytearray()}

    @property
    def pid(self):
        return self.process.pid

    def signal(self, number):
        """Sends a signal to the program alone."""
        self.process.send_signal(number)

    def write(self, data):
        """Writes to its input and lets it be open."""
        self.process.stdin.write(data)

    def close_input(self):
        self.process.stdin.close()
        # What is closed is not flushed at the end.
        self.process.stdin = None

    def wait_for(self, data, stream=1, deadline=DEADLINE):
        """Reads one stream until `data` has come."""
        self._read_until(lambda kept: data in kept, repr(data), stream, deadline)

    def wait_for_lines(self, count, stream=1, deadline=DEADLINE):
        """Reads one stream until so many lines have come."""
        self._read_until(lambda kept: kept.count(b"\n") >= count, f"{count} lines", stream, deadline)

    def _read_until(self, is_there, words, stream, deadline):
        file = self.process.stdout if stream == 1 else self.process.stderr
        kept = self._kept[stream]
        end = time.monotonic() + deadline
        with selectors.DefaultSelector() as selector:
            selector.register(file, selectors.EVENT_READ)
            while not is_there(kept):
                if not selector.select(max(0, end - time.monotonic())):
                    raise AssertionError(f"{words} did not come, only {bytes(kept[-500:])!r}")
                chunk = os.read(file.fileno(), 1 << 16)
                if not chunk:
                    raise AssertionError(f"the stream ended before {words}: {bytes(kept[-500:])!r}")
                kept += chunk

    def taken(self, stream=1):
        """What has been read so far of a stream."""
        return bytes(self._kept[stream])

    def forget(self):
        """Drops what has been read so far."""
        for kept in self._kept.values():
            kept.clear()

    def finish(self, data=None, deadline=DEADLINE):
        """Passes `data` on, reads both streams to their end, and returns everything that was read."""
        try:
            stdout, stderr = self.process.communicate(data, timeout=deadline)
        except subprocess.TimeoutExpired as error:
            self.process.kill()
            stdout, stderr = self.process.communicate()
            raise AssertionError(f"no end: stdout {stdout[-500:]!r}, stderr {stderr[-500:]!r}") from error
        return Result(bytes(self._kept[1]) + (stdout or b""), bytes(self._kept[2]) + (stderr or b""),
                      self.process.returncode)

    def close(self):
        """Ends it, and closes the pipes."""
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        for file in (self.process.stdin, self.process.stdout, self.process.stderr):
            if file:
                file.close()
