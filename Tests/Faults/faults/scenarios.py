"""The runs that faults are given to. Each returns what it came to."""

import contextlib
import errno
import os
import signal
import subprocess
import time

from support.program import BOXWATCH
from support.rest import BINARY, Attach, RestClient
from support.scratch import Scratch
from support.screen import Screen

from . import record
from .screens import is_restored, leave, screen_words
from .shim import Shim
from .verdict import Outcome

#: Seconds that a run may take by itself, and after it was asked to end.
BOUND = float(os.environ.get("BOXWATCH_FAULT_BOUND", "12"))
#: Seconds of stillness after which a stall that was told is believed.
STILL = 1.5

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
        self._paths = [scratch.path / "out", scratch.path / "err"]
        out, err = (open(path, "wb") for path in self._paths)
        with out, err:
            self.process = subprocess.Popen([BOXWATCH, *arguments], env=scratch.environment(**shim.environment), stdout=out,
                                            stderr=err, stdin=subprocess.PIPE, cwd=scratch.work, start_new_session=True)
        with contextlib.suppress(BrokenPipeError):
            self.process.stdin.write(data or b"")
            self.process.stdin.close()

    def streams(self):
        return [path.read_bytes() for path in self._paths]

    def end(self, outcome):
        """Waits for the end; asks for it when there is none, and takes it when even that does not help."""
        if not self._wait(BOUND, until_told=True):
            outcome.asked = True
            self.process.send_signal(signal.SIGTERM)
            if not self._wait(BOUND):
                self.process.kill()
                self.process.wait()
                return
        outcome.status = self.process.returncode

    def _wait(self, seconds, until_told=False):
        """Whether it ended in time. One that says why it waits, and does nothing more, need not be waited for."""
        end, pause, sizes, still_since = time.monotonic() + seconds, 0.005, None, time.monotonic()
        while time.monotonic() < end:
            if self.process.poll() is not None:
                return True
            now = [path.stat().st_size for path in self._paths]
            if now != sizes:
                sizes, still_since = now, time.monotonic()
            if until_told and time.monotonic() - still_since > STILL and b"boxwatch: " in self._paths[1].read_bytes():
                return False
            time.sleep(pause)
            pause = min(0.05, pause * 1.5)
        return False


def headless(fault=None):
    """`run --headless` on a command that reads, writes both streams and fails."""
    with world(fault) as (scratch, shim):
        return _run_headless(scratch, shim, fault)


def sandbox(fault=None):
    """The same in a throw-away sandbox."""
    with world(fault) as (scratch, shim):
        return _run_headless(scratch, shim, fault, "--box", "bwrap")


def kept(fault=None):
    """The same in a sandbox that stays, which is entered."""
    with world(fault) as (scratch, shim):
        _box(scratch, "create")
        return _run_headless(scratch, shim, fault, "--box", "kept", is_kept=True)


def _box(scratch, word):
    end = time.monotonic() + record.MOMENT
    while True:
        done = subprocess.run([BOXWATCH, "box", word, "kept"], env=scratch.environment(), capture_output=True, timeout=60,
                              check=False)
        if not done.returncode:
            return
        # What runs in it may need a moment to go.
        if time.monotonic() > end:
            raise AssertionError(f"box {word} fails: {done.stderr.decode('utf-8', 'replace').strip()}")
        time.sleep(0.1)


def _run_headless(scratch, shim, fault, *options, is_kept=False):
    run = Piped(scratch, shim, "run", "--headless", *options, "--", "sh", "-c", SCRIPT, data=b"hello\n")
    outcome = Outcome(wanted_status=CODE)
    run.end(outcome)
    got = run.streams()
    # A command whose input is over reads an empty word.
    stdout = b"hello\n" + NUMBERS if not _lost_input(fault, got) else b"\n" + NUMBERS
    outcome.output.append((got[0], stdout))
    outcome.take_stderr(got[1], FEW)
    record.check(scratch, outcome, stdout, FEW, CODE)
    if is_kept:
        # The box itself would go on.
        _box(scratch, "rm")
    record.check_rest(scratch, outcome, fault)
    _allow(outcome, fault)
    return outcome, shim.calls()


def _lost_input(fault, got):
    return fault and fault.place in ("our-stdin", "pipe") and b"boxwatch: " in got[1] and got[0].startswith(b"\n")


def _allow(outcome, fault):
    """Statuses that are right for what failed, and places where nothing can be said."""
    if fault is None:
        return
    # Who is asked to end says so.
    outcome.right |= {128 + signal.SIGTERM} if outcome.asked else set()
    if (fault.kind, fault.place) == ("write", "our-stdout"):
        outcome.right |= {128 + signal.SIGPIPE}
        # A reader that went away is told nothing, as by any program that SIGPIPE ends.
        outcome.is_mute = fault.error == errno.EPIPE
    if fault.kind in ("posix_spawn", "execve", "access", "stat"):
        outcome.right |= {126, 127}
    outcome.is_mute |= (fault.kind, fault.place) == ("write", "our-stderr") and fault.mode == "on"


def monitor(fault=None):
    """The monitor on a command that writes both streams and fails, in a pseudo terminal."""
    with world(fault) as (scratch, shim):
        job = scratch.write("job", f"#!/bin/sh\nseq 1 200000; sleep 0.15; seq 1 2000 >&2; exit {CODE}\n", mode=0o755)
        screen = Screen(scratch, "run", "--", job, environment=shim.environment)
        try:
            outcome = Outcome(wanted_status=CODE, has_screen=True)
            leave(screen, outcome, BOUND)
            outcome.said += screen_words(screen)
            is_restored(screen, outcome)
        finally:
            screen.close()
        record.check(scratch, outcome, NUMBERS, FEW, CODE)
        record.check_rest(scratch, outcome, fault)
        _allow(outcome, fault)
        # Quitting ends what still runs.
        outcome.right |= {128 + number for number in (signal.SIGTERM, signal.SIGKILL, signal.SIGHUP)}
        return outcome, shim.calls()


def logs(fault=None):
    """`logs --follow` on a command that another boxwatch runs, from before its end."""
    return _look_in(fault, "logs", "--follow")


def attach(fault=None):
    """`attach` without a screen, the same way."""
    return _look_in(fault, "attach")


def _look_in(fault, *words):
    with world(fault) as (scratch, shim):
        gate = scratch.fifo()
        script = f"seq 1 100000; cat {gate}; seq 100001 200000; seq 1 2000 >&2"
        started = subprocess.run([BOXWATCH, "run", "--detach", "--", "sh", "-c", script], env=scratch.environment(),
                                 capture_output=True, check=True)
        run = Piped(scratch, shim, *words, started.stdout.decode().strip())
        outcome = Outcome()
        _wait_for(lambda: len(run.streams()[0]) >= 588895 or run.process.poll() is not None, 2)
        subprocess.run(["sh", "-c", f": >{gate}"], check=True, timeout=BOUND)
        run.end(outcome)
        got = run.streams()
        outcome.output.append((got[0], NUMBERS))
        outcome.take_stderr(got[1], FEW)
        _wait_for(lambda: not scratch.processes(), BOUND)
        record.check(scratch, outcome, NUMBERS, FEW, 0)
        record.check_rest(scratch, outcome, fault)
        _allow(outcome, fault)
        return outcome, shim.calls()


def detach(fault=None):
    """`run --detach`: faults hit the process that is started from, and the one in the background."""
    with world(fault, keep=True) as (scratch, shim):
        script = f"seq 1 200000; sleep 0.15; seq 1 2000 >&2; exit {CODE}"
        run = Piped(scratch, shim, "run", "--detach", "--", "sh", "-c", script)
        outcome = Outcome()
        run.end(outcome)
        got = run.streams()
        outcome.take_stderr(got[1], b"")
        if not outcome.status:
            _wait_for(lambda: not scratch.processes(), 4)
        _end_background(scratch, outcome)
        record.check(scratch, outcome, NUMBERS, FEW, CODE)
        record.check_rest(scratch, outcome, fault)
        # In the background the record is the only place to say something.
        entries, _ = record.listing(scratch)
        if not outcome.status and entries and not outcome.recorded:
            outcome.said += [f"record: {entry['state']} {entry['status']}" for entry in entries]
        _allow(outcome, fault)
        return outcome, shim.calls()


def _end_background(scratch, outcome):
    """Asks what is left in the background to end, as a person would who sees it in the list."""
    for pid in scratch.processes():
        with contextlib.suppress(OSError):
            if os.path.basename(os.readlink(f"/proc/{pid}/exe")) == "boxwatch":
                outcome.said.append("record: goes on")
                os.kill(pid, signal.SIGTERM)
    _wait_for(lambda: not scratch.processes(), BOUND)


def serve(fault=None):
    """A server and a client that makes a box and runs a command in it."""
    with world(fault) as (scratch, shim):
        run = Piped(scratch, shim, "serve", "--headless", "--listen", "127.0.0.1:0")
        outcome = Outcome()
        _wait_for(lambda: b"\n" in run.streams()[0] or run.process.poll() is not None, BOUND)
        port = run.streams()[0].rpartition(b":")[2].strip()
        client = _use(int(port), outcome) if port.isdigit() else "the server did not start"
        if run.process.poll() is None:
            run.process.send_signal(signal.SIGTERM)
        run.end(outcome)
        outcome.take_stderr(run.streams()[1], b"")
        if client:
            outcome.recorded = False
            # A client that is refused, or cut off, knows that it has not got everything.
            outcome.said.append(f"client: {client}")
        else:
            record.check(scratch, outcome, NUMBERS, FEW, CODE)
        record.check_rest(scratch, outcome, fault)
        return outcome, shim.calls()


def _use(port, outcome):
    """Runs the command as a client; why it did not come to its end, or nothing."""
    try:
        attached = SplitAttach.run(port, "sh", "-c", f"seq 1 200000; sleep 0.15; seq 1 2000 >&2; exit {CODE}")
        end = attached.finish()
    except (AssertionError, OSError, EOFError, ValueError) as error:
        return repr(error)
    if not end:
        return "no exit came"
    if end.get("exit_code") == -1:
        return "the end is not known"
    got = bytes(attached.streams[1]), bytes(attached.streams[2])
    if (got, end.get("exit_code")) != ((NUMBERS, FEW), CODE):
        outcome.problems.append(f"a client was told {end} after {len(got[0])} and {len(got[1])} bytes")
    return None


class SplitAttach(Attach):
    """An attach that keeps the streams apart."""

    @classmethod
    def run(cls, port, *command):
        client = RestClient(port)
        return cls(port, f"/v1/boxes/{client.box}/executions/{client.run(*command)}/attach")

    def __init__(self, port, path):
        self.streams = {1: bytearray(), 2: bytearray()}
        super().__init__(port, path)

    def _frame(self, kind, payload):
        if kind == BINARY:
            self.streams[payload[0]] += payload[1:]
        else:
            super()._frame(kind, payload)


def _wait_for(condition, seconds):
    end = time.monotonic() + seconds
    while not condition() and time.monotonic() < end:
        time.sleep(0.01)


SCENARIOS = {"headless": headless, "sandbox": sandbox, "kept": kept, "monitor": monitor, "logs": logs, "attach": attach, "detach": detach,
             "serve": serve}
