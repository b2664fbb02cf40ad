"""Commands whose output is known, and the two ways in which they are run."""

import dataclasses
import os
import subprocess
import threading

from support.program import BOXWATCH
from support.rest import RestClient

#: The largest number that a command counts to.
LARGEST = 400_000
ALL = b"".join(b"%d\n" % number for number in range(1, LARGEST + 1))
ENDS = [0]
for _number in range(1, LARGEST + 1):
    ENDS.append(ENDS[-1] + len(str(_number)) + 1)


@dataclasses.dataclass(frozen=True)
class Job:
    """Counts on both streams, and ends with a status."""

    first: int
    last: int
    notes: int
    code: int

    @classmethod
    def random(cls, choices):
        """Mostly short, now and then up to 2.7 MB."""
        size = choices.choices((0, 1, 50, 3000, 60_000, 390_000), (5, 30, 30, 25, 9, 1))[0]
        first = choices.randrange(1, LARGEST - size + 1)
        return cls(first, first + size - 1, choices.choice((0, 0, 1, 40, 4000)), choices.choice((0, 0, 0, 3)))

    @property
    def command(self):
        return "sh", "-c", f"seq {self.first} {self.last}; seq 1 {self.notes} >&2; exit {self.code}"

    def difference(self, stdout, stderr, code):
        """A description of the first difference from what was written; empty when there is none."""
        wanted = (ALL[ENDS[self.first - 1]:ENDS[self.last]], ALL[:ENDS[self.notes]])
        found = [f"{name}: {len(got)} bytes, not {len(right)}" if len(got) != len(right) else f"{name} differs"
                 for name, got, right in zip(("stdout", "stderr"), (stdout, stderr), wanted) if got != right]
        found += [f"exit {code}, not {self.code}"] if code != self.code else []
        return f"{self}: " + ", ".join(found) if found else None


class Tally:
    """What all workers have done together."""

    def __init__(self):
        self._lock = threading.Lock()
        self.executions = self.bytes = 0
        self.wrong = []
        #: The most memory of each short run, in KiB, in the order of their ends.
        self.peaks = []

    def add(self, size, difference, peak=None):
        with self._lock:
            self.executions += 1
            self.bytes += size
            if difference:
                self.wrong.append(difference)
                print("WRONG", difference, flush=True)
            if peak:
                self.peaks.append(peak)


def serve_client(port, choices, tally, is_over):
    """A client that runs one command after the other."""
    client = RestClient(port)
    while not is_over():
        job = Job.random(choices)
        attach = client.run_split(*job.command)
        end = attach.finish() or {}
        out, err = attach.streams[1], attach.streams[2]
        tally.add(len(out) + len(err), job.difference(out, err, end.get("exit_code")))


def short_runs(scratch, options, choices, tally, is_over):
    """`run --headless`, one after the other."""
    environment = scratch.environment()
    while not is_over():
        job = Job.random(choices)
        process = subprocess.Popen([BOXWATCH, "run", "--headless", *options, "--", *job.command], env=environment,
                                   stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        out, err, usage = _finish(process)
        tally.add(len(out) + len(err), job.difference(out, err, process.returncode), usage.ru_maxrss)


def _finish(process):
    """Reads both streams to their end, and reaps with what was used."""
    kept = [b"", b""]
    reader = threading.Thread(target=lambda: kept.__setitem__(1, process.stderr.read()))
    reader.start()
    kept[0] = process.stdout.read()
    reader.join()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    process.stdout.close()
    process.stderr.close()
    return *kept, usage
