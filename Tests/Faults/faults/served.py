"""A server, and a client that uses it."""

import signal

from support.rest import RestClient

from . import record
from .piped import CODE, FEW, NUMBERS, Piped, world
from .rest import until
from .verdict import Outcome


def serve(fault=None):
    """A server and a client that makes a box and runs a command in it."""
    with world(fault) as (scratch, shim):
        run = Piped(scratch, shim, "serve", "--headless", "--listen", "127.0.0.1:0")
        outcome = Outcome()
        until(lambda: b"\n" in run.streams()[0] or run.process.poll() is not None, scratch)
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
    """Runs the command as a client; returns why it did not end, or nothing."""
    try:
        attached = RestClient(port).run_split(
            "sh", "-c", f"seq 1 200000; sleep 0.15; seq 1 2000 >&2; exit {CODE}")
        end = attached.finish()
    except (AssertionError, OSError, EOFError, ValueError) as error:
        return repr(error)
    if not end:
        return "no exit came"
    if end.get("exit_code") == -1:
        return "the end is not known"
    got = bytes(attached.streams[1]), bytes(attached.streams[2])
    if (got, end.get("exit_code")) == ((NUMBERS, FEW), CODE):
        # All of it came, and not all of it may be recorded.
        outcome.said += [f"client: {error}" for error in attached.errors]
        return None
    if not attached.errors:
        outcome.problems.append(f"a client was told {end} after {len(got[0])} and {len(got[1])} bytes")
    outcome.output += zip(got, (NUMBERS, FEW))
    return "; ".join(attached.errors)
