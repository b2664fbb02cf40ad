"""A run of boxwatch under a fault, its streams in files: how it ends, and which end is right for the fault."""

import contextlib
import errno
import signal
import subprocess
import time

from support.program import BOXWATCH
from support.scratch import Scratch

from .rest import STILL, Rest
from .shim import Shim

NUMBERS = b"".join(b"%d\n" % number for number in range(1, 200001))
FEW = b"".join(b"%d\n" % number for number in range(1, 2001))
CODE = 7
#: More than a pipe and more than the first MiB; alive when the private socket opens; both streams; input.
SCRIPT = f"read word; echo $word; seq 1 200000; sleep 0.15; seq 1 2000 >&2; exit {CODE}"


@contextlib.contextmanager
def world(fault, keep=False):
    """A scratch world and a shim for one run."""
    scratch, shim = Scratch(), Shim(fault, keep)
    try:
        yield scratch, shim
    finally:
        shim.close()
        scratch.remove()


class Piped:
    """boxwatch with its streams in files."""

    def __init__(self, scratch, shim, *arguments, data=None):
        self._scratch = scratch
        self._paths = [scratch.path / "out", scratch.path / "err"]
        out, err = (open(path, "wb") for path in self._paths)
        with out, err:
            self.process = subprocess.Popen(
                [BOXWATCH, *arguments], env=scratch.environment(**shim.environment), stdin=subprocess.PIPE, stdout=out,
                stderr=err, cwd=scratch.work, start_new_session=True)
        with contextlib.suppress(BrokenPipeError):
            self.process.stdin.write(data or b"")
            self.process.stdin.close()

    def streams(self):
        return [path.read_bytes() for path in self._paths]

    def end(self, outcome):
        """Waits for the end; sends TERM when there is none, and KILL when that does not help."""
        if not self._wait(until_told=True):
            outcome.asked = True
            self.process.send_signal(signal.SIGTERM)
            if not self._wait():
                self.process.kill()
                self.process.wait()
                return
        outcome.status = self.process.returncode

    def _wait(self, until_told=False):
        """Whether it ended. A run that reports why it waits, and is idle, is not waited for."""
        rest, pause = Rest(self._scratch), 0.005
        while self.process.poll() is None:
            if rest.is_stuck or until_told and rest.seconds > STILL and self._has_spoken:
                return False
            time.sleep(pause)
            pause = min(0.05, pause * 1.5)
        return True

    @property
    def _has_spoken(self):
        return b"boxwatch: " in self._paths[1].read_bytes()


def allow(outcome, fault):
    """Statuses that are right for the fault, and places where nothing can be reported."""
    if fault is None:
        return
    # Who is asked to end says so.
    outcome.right |= {128 + signal.SIGTERM} if outcome.asked else set()
    if fault.kind == "write" and fault.place in ("our-stdout", "our-stderr"):
        outcome.right |= {128 + signal.SIGPIPE}
        # A reader that went away is told nothing, as by any program that SIGPIPE ends.
        outcome.is_mute = fault.error == errno.EPIPE
    if fault.kind in ("posix_spawn", "execve"):
        outcome.right |= {126, 127}
    if fault.error == errno.EACCES and fault.kind in ("access", "stat", "open"):
        # What this user may not reach is not there for a sandbox.
        outcome.right |= {126, 127}
    if (fault.kind, fault.place) == ("read", "terminal"):
        # As when the terminal is gone: no one is there to be told.
        outcome.right |= {128 + signal.SIGHUP}
        outcome.is_mute = True
    outcome.is_mute |= (fault.kind, fault.place) == ("write", "our-stderr") and fault.mode == "on"
