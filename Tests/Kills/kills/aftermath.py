"""What must hold after a kill."""

import os
import signal
import subprocess
import time

from faults.record import listing
from faults.rest import until
from faults.verdict import SAID
from support.program import BOXWATCH

from .victims import STDERR, STDOUT

#: Why a survivor may go without a name.
UNRECORDED = ("posix_spawn(3) returns when the command runs already; one whose boxwatch is killed before it has "
              "written the start down is in no record")
#: Seconds for one command of a loaded machine.
PATIENCE = 120


def kill_all(scratch):
    """SIGKILL to every boxwatch of the scratch world, also to one that another has just started."""
    looks_in_vain = 0
    # One that is within execve(2) has no environment by which it is found.
    while looks_in_vain < 5:
        ours = [pid for pid in scratch.processes() if _name(pid) == "boxwatch"]
        looks_in_vain = 0 if ours else looks_in_vain + 1
        for pid in ours:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
        time.sleep(0.01)


def check(victim):
    """Everything that is wrong after the kill, in words, and how many commands are excused as `UNRECORDED`."""
    scratch, wrong, excused = victim.scratch, [], 0
    if victim.ends_commands and not until(lambda: not scratch.processes(), scratch):
        wrong.append(f"the sandbox goes on: {_names(scratch)}")
    if hasattr(victim, "delivered") and not STDOUT.startswith(victim.delivered()):
        wrong.append("what came out is not a beginning of what was written")
    entries, warning = listing(scratch)
    if warning:
        wrong.append(f"ls warns: {warning}")
    for entry in entries:
        wrong += _check_record(scratch, entry)
    if not victim.ends_commands:
        complaints, excused = _check_survivors(scratch, entries)
        wrong += complaints
    # The next run sweeps what was half made.
    subprocess.run([BOXWATCH, "run", "--headless", "--", "true"], env=scratch.environment(), check=True,
                   stdin=subprocess.DEVNULL, timeout=PATIENCE)
    folders = [path.name for path in scratch.journals()]
    if len(folders) != len(entries) + 1:
        wrong.append(f"{len(entries) + 1} records and folders {folders}")
    return wrong, excused


def _check_record(scratch, entry):
    """The record opens; what it holds is a beginning of what was written, by its files and as `logs` shows it."""
    wrong = []
    if entry["state"] != "interrupted":
        wrong.append(f"the record is {entry['state']}")
    for stream, written in (("stdout", STDOUT), ("stderr", STDERR)):
        shown = subprocess.run([BOXWATCH, "logs", f"--{stream}", entry["id"]], env=scratch.environment(),
                               capture_output=True, timeout=PATIENCE, check=False)
        if shown.returncode not in (0, 125):
            wrong.append(f"logs ends with {shown.returncode}: {shown.stderr.decode('utf-8', 'replace')}")
        got = shown.stdout if stream == "stdout" else SAID.sub(b"", shown.stderr)
        if not written.startswith(got):
            wrong.append(f"logs --{stream} is not a beginning of what was written")
        if len(got) != (entry[f"{stream}_bytes"] or 0):
            wrong.append(f"logs --{stream} has {len(got)} bytes of {entry[f'{stream}_bytes']}")
    return wrong


def _check_survivors(scratch, entries):
    """Commands that run on are named by `ls`, and `kill` reaches them; complaints, and the number of the excused."""
    survivors = set(_leaders(scratch))
    named = {entry["command_pid"]: entry["id"] for entry in entries if entry["command_pid"] in survivors}
    unnamed = survivors - set(named)
    without_start = [entry for entry in entries
                     if not (entry["command_pid"] or entry["stdout_bytes"] or entry["stderr_bytes"])]
    if len(unnamed) > len(without_start):
        return [f"{len(unnamed)} of {len(survivors)} surviving commands are not named, with {len(entries)} records"], 0
    return _kill_survivors(scratch, named), len(unnamed)


def _kill_survivors(scratch, named):
    for identifier in named.values():
        killed = subprocess.run([BOXWATCH, "kill", identifier], env=scratch.environment(), capture_output=True,
                                timeout=PATIENCE, check=False)
        if killed.returncode:
            return [f"kill ends with {killed.returncode}: {killed.stderr.decode('utf-8', 'replace')}"]
    if not until(lambda: not set(_leaders(scratch)) & set(named), scratch):
        return [f"kill did not end {_names(scratch)}"]
    return []


def _leaders(scratch):
    """The sessions' leaders among what is alive: the commands themselves."""
    return [pid for pid in scratch.processes() if _name(pid) != "boxwatch" and _session(pid) == pid]


def _session(pid):
    try:
        return os.getsid(pid)
    except ProcessLookupError:
        return None


def _name(pid):
    try:
        return os.path.basename(os.readlink(f"/proc/{pid}/exe"))
    except OSError:
        return ""


def _names(scratch):
    return [f"{pid} {_name(pid)}" for pid in scratch.processes()]
