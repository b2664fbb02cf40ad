"""Runs of another boxwatch: looked into, and left in the background."""

import contextlib
import os
import signal
import subprocess

from support.program import BOXWATCH

from . import record
from .piped import CODE, FEW, NUMBERS, Piped, allow, world
from .rest import until
from .verdict import Outcome


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
        until(lambda: len(run.streams()[0]) >= 588895 or run.process.poll() is not None, scratch, rest=1)
        subprocess.run(["sh", "-c", f": >{gate}"], check=True, timeout=60)
        run.end(outcome)
        got = run.streams()
        outcome.output.append((got[0], NUMBERS))
        outcome.take_stderr(got[1], FEW)
        until(lambda: not scratch.processes(), scratch)
        record.check(scratch, outcome, NUMBERS, FEW, 0)
        record.check_rest(scratch, outcome, fault)
        allow(outcome, fault)
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
            until(lambda: not scratch.processes(), scratch, rest=4)
        _end_background(scratch, outcome)
        record.check(scratch, outcome, NUMBERS, FEW, CODE)
        record.check_rest(scratch, outcome, fault)
        # In the background the record is the only place to say something.
        entries, _ = record.listing(scratch)
        if not outcome.status and entries and not outcome.recorded:
            outcome.said += [f"record: {entry['state']} {entry['status']}" for entry in entries]
        allow(outcome, fault)
        return outcome, shim.calls()


def _end_background(scratch, outcome):
    """Ends what is left in the background, as a user does who sees it in the list."""
    for pid in scratch.processes():
        with contextlib.suppress(OSError):
            if os.path.basename(os.readlink(f"/proc/{pid}/exe")) == "boxwatch":
                outcome.said.append("record: goes on")
                os.kill(pid, signal.SIGTERM)
    until(lambda: not scratch.processes(), scratch)
