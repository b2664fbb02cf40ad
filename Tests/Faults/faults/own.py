"""Runs of commands by boxwatch itself: without a screen, in sandboxes, and in the monitor."""

import signal
import subprocess
import time

from support.program import BOXWATCH
from support.screen import Screen

from . import record
from .piped import CODE, FEW, NUMBERS, SCRIPT, Piped, allow, world
from .screens import is_restored, leave, screen_words
from .verdict import Outcome


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
        try:
            return _run_headless(scratch, shim, fault, "--box", "kept", is_kept=True)
        finally:
            # Of a run that failed: else the box would outlive the test.
            subprocess.run([BOXWATCH, "box", "rm", "--force", "kept"], env=scratch.environment(), capture_output=True,
                           timeout=60, check=False)


def _box(scratch, word):
    end = time.monotonic() + 20
    while True:
        done = subprocess.run([BOXWATCH, "box", word, "kept"], env=scratch.environment(), capture_output=True,
                              timeout=60, check=False)
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
    record.check_own(scratch, outcome, stdout, FEW, CODE)
    if is_kept:
        # The box itself would go on.
        _box(scratch, "rm")
    record.check_rest(scratch, outcome, fault)
    allow(outcome, fault)
    return outcome, shim.calls()


def _lost_input(fault, got):
    return fault and fault.place in ("our-stdin", "pipe") and b"boxwatch: " in got[1] and got[0].startswith(b"\n")


def monitor(fault=None):
    """The monitor on a command that writes both streams and fails, in a pseudo terminal."""
    with world(fault) as (scratch, shim):
        job = scratch.write("job", f"#!/bin/sh\nseq 1 200000; sleep 0.15; seq 1 2000 >&2; exit {CODE}\n", mode=0o755)
        screen = Screen(scratch, "run", "--", job, environment=shim.environment)
        try:
            outcome = Outcome(wanted_status=CODE, has_screen=True)
            leave(scratch, screen, outcome)
            outcome.said += screen_words(screen)
            is_restored(screen, outcome)
        finally:
            screen.close()
        record.check_own(scratch, outcome, NUMBERS, FEW, CODE)
        record.check_rest(scratch, outcome, fault)
        allow(outcome, fault)
        # Quitting ends what still runs.
        outcome.right |= {128 + number for number in (signal.SIGTERM, signal.SIGKILL, signal.SIGHUP)}
        return outcome, shim.calls()
