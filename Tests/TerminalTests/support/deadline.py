"""Waiting for a condition, with a deadline that only a broken program reaches."""

import os
import time

#: Seconds after which something that should have happened is called missing; BOXWATCH_TEST_PATIENCE multiplies it.
DEADLINE = 30.0 * float(os.environ.get("BOXWATCH_TEST_PATIENCE", "1"))


def wait_until(condition, what, deadline=None, pause=0.01):
    """Returns the condition's first true value, or fails with `what` when the deadline has passed."""
    end = time.monotonic() + (DEADLINE if deadline is None else deadline)
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > end:
            raise AssertionError(f"waited in vain for {what() if callable(what) else what}")
        time.sleep(pause)
