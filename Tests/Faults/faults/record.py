"""What the journals say after a run, read by a boxwatch without faults."""

import json
import subprocess

from support.program import BOXWATCH

from .rest import until

#: Seconds for a listing.
PATIENCE = 60
#: Seconds of rest after which a process that was killed does not go any more.
MOMENT = 3


def listing(scratch):
    """What `ls` reports of all executions, and its warnings."""
    done = subprocess.run([BOXWATCH, "ls", "--json", "--all"], env=scratch.environment(), capture_output=True,
                          timeout=PATIENCE, check=False)
    return [json.loads(line) for line in done.stdout.splitlines()], done.stderr.decode("utf-8", "replace").strip()


def check_own(scratch, outcome, stdout, stderr, code):
    """Like `check`, for a command that the boxwatch under fault ran: it must report what its record lacks."""
    entry = check(scratch, outcome, stdout, stderr, code)
    sizes = (entry["stdout_bytes"], entry["stderr_bytes"]) if entry else None
    outcome.lost_own_record = sizes != (len(stdout), len(stderr)) or "record_lost" in entry


def check(scratch, outcome, stdout, stderr, code):
    """Compares the only record with what the command did, and notes what is false or left over; what `ls` says of it."""
    entries, warning = listing(scratch)
    folders = scratch.journals()
    if warning:
        outcome.problems.append(f"ls warns: {warning}")
    if len(folders) > len(entries) or len(entries) > 1:
        outcome.problems.append(f"left over: {[path.name for path in folders]} for {len(entries)} records")
    outcome.recorded = False
    if not entries or len(folders) != 1:
        return None
    entry, folder = entries[0], folders[0]
    kept = [_bytes(folder / "stdout"), _bytes(folder / "stderr")]
    sizes = [entry["stdout_bytes"] or 0, entry["stderr_bytes"] or 0]
    for name, bytes_kept, size, wanted in zip(("stdout", "stderr"), kept, sizes, (stdout, stderr)):
        if not wanted.startswith(bytes_kept[:size]):
            outcome.problems.append(f"the record's {name} is not a beginning of what was written")
        if len(bytes_kept) < size and entry["complete"]:
            outcome.problems.append(f"the record's {name} lacks {size - len(bytes_kept)} bytes that it counts")
    is_whole = [len(stdout), len(stderr)] == sizes
    # What was killed, or not started, has written less in truth.
    claims = entry["state"] == "done" and entry["complete"] and entry["status"] == f"exit {code}"
    if claims and not is_whole:
        outcome.problems.append(f"the record calls {sizes} bytes complete")
    if entry["state"] not in ("done", "interrupted"):
        outcome.problems.append(f"the record is left {entry['state']}")
    outcome.recorded = bool(claims and is_whole)
    return entry


def _bytes(path):
    return path.read_bytes() if path.exists() else b""


def check_rest(scratch, outcome, fault):
    """Notes processes and sockets that a run left."""
    if left := _outliving(scratch):
        outcome.problems.append(f"left processes: {left}")
    sockets = [path.name for path in scratch.sockets.glob("*.sock")] if scratch.sockets.is_dir() else []
    # A file that cannot be looked at, or not be removed, stays where it is.
    if sockets and (fault is None or fault.kind not in ("stat", "unlink")):
        outcome.problems.append(f"left sockets: {sockets}")


def _outliving(scratch):
    """What is still there after a moment, by its command line."""
    until(lambda: not scratch.processes(), scratch, rest=MOMENT)
    names = []
    for pid in scratch.processes():
        try:
            with open(f"/proc/{pid}/cmdline", "rb") as file:
                names.append(file.read().replace(b"\0", b" ").decode("utf-8", "replace").strip() or f"zombie {pid}")
        except OSError:
            pass
    return names
