"""What must hold after a kill."""

import json
import os
import signal
import subprocess
import time

from faults.record import listing
from faults.verdict import SAID
from support.program import BOXWATCH

from .victims import STDERR, STDOUT

#: Seconds for a sandbox's processes to go, and for an order to be carried out.
PATIENCE = 20


def kill_all(scratch):
    """SIGKILL to every boxwatch of the scratch world, also to one that another has just started."""
    while ours := [pid for pid in scratch.processes() if _name(pid) == "boxwatch"]:
        for pid in ours:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
        time.sleep(0.01)


def check(victim):
    """Everything that is wrong after the kill, in words."""
    scratch, wrong = victim.scratch, []
    if victim.ends_commands and not _wait(lambda: not scratch.processes()):
        wrong.append(f"the sandbox goes on: {_names(scratch)}")
    if hasattr(victim, "delivered") and not STDOUT.startswith(victim.delivered()):
        wrong.append("what came out is not a beginning of what was written")
    entries, warning = listing(scratch)
    if warning:
        wrong.append(f"ls warns: {warning}")
    for entry in entries:
        wrong += _check_record(scratch, entry)
    if not victim.ends_commands:
        wrong += _check_survivors(scratch, entries)
    # The next run sweeps what was half made.
    subprocess.run([BOXWATCH, "run", "--headless", "--", "true"], env=scratch.environment(), check=True,
                   stdin=subprocess.DEVNULL, timeout=PATIENCE)
    folders = [path.name for path in scratch.journals()]
    if len(folders) != len(entries) + 1:
        wrong.append(f"{len(entries) + 1} records and folders {folders}")
    return wrong


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
    """Commands that run on are named by `ls`, and `kill` reaches them."""
    survivors = _leaders(scratch)
    listed = {entry["id"]: json.dumps(entry) for entry in entries}
    unnamed = [pid for pid in survivors if not any(f'"command_pid": {pid}' in text for text in listed.values())]
    if unnamed:
        return [f"{len(unnamed)} of {len(survivors)} surviving commands are not named, with {len(entries)} records"]
    for identifier in [entry["id"] for entry in entries if entry.get("command_pid") in survivors]:
        killed = subprocess.run([BOXWATCH, "kill", identifier], env=scratch.environment(), capture_output=True,
                                timeout=PATIENCE, check=False)
        if killed.returncode:
            return [f"kill ends with {killed.returncode}: {killed.stderr.decode('utf-8', 'replace')}"]
    if not _wait(lambda: not _leaders(scratch)):
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


def _wait(condition):
    end = time.monotonic() + PATIENCE
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True
