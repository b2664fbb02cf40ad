"""Whether the processes of a run still make progress, by what their threads do: a loaded machine must not look like a hang."""

import os
import time

#: Seconds of rest after which a run is stuck: longer than any grace of boxwatch, which are of two seconds.
STUCK = 6
#: Seconds of rest after which a stall that was told is believed.
STILL = 1.5
#: Seconds of processor time, and seconds by the clock, after which a run that is never at rest is stuck too.
WORK, LIFE = 30, 120
#: The part of its time that a run at rest may work: a clock on the screen, another look at a full disk.
IDLING = 0.1
#: Seconds between two looks at the processes.
PAUSE = 0.25

TICK = 1 / os.sysconf("SC_CLK_TCK")


class Rest:
    """How long every thread of a world has waited for something other than a processor or a disk."""

    def __init__(self, scratch):
        self._scratch = scratch
        self._began = self._since = self._looked = time.monotonic()
        self._processes, self._worked, self._total = set(), 0.0, 0.0

    @property
    def seconds(self):
        """The rest up to the last look."""
        now = time.monotonic()
        if now - self._looked > PAUSE:
            self._looked = now
            self._look(now)
        return self._looked - self._since

    def _look(self, now):
        uses = {pid: use for pid in self._scratch.processes() if (use := _use(pid))}
        work = sum(seconds for seconds, _ in uses.values())
        is_busy = any(busy for _, busy in uses.values())
        if is_busy or set(uses) != self._processes or work - self._worked > IDLING * (now - self._since) + 2 * TICK:
            self._since, self._processes, self._worked = now, set(uses), work
        self._total = max(self._total, work)

    @property
    def is_stuck(self):
        """Whether no further progress is expected."""
        return self.seconds > STUCK or self._total > WORK or self._looked - self._began > LIFE


def until(condition, scratch, rest=STUCK):
    """Waits until a condition is true, or the world has been at rest for so many seconds; whether it is true."""
    still = Rest(scratch)
    while not condition():
        if still.seconds > rest or still.is_stuck:
            return bool(condition())
        time.sleep(0.02)
    return True


def _use(pid):
    """The processor time of a process in seconds, and whether a thread of it runs or could; nothing when it is gone."""
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8", errors="replace") as file:
            fields = file.read().rpartition(")")[2].split()
        is_busy = any(_is_busy(pid, task) for task in os.listdir(f"/proc/{pid}/task"))
        return (int(fields[11]) + int(fields[12])) * TICK, is_busy
    except OSError:
        return None


def _is_busy(pid, task):
    try:
        with open(f"/proc/{pid}/task/{task}/stat", encoding="utf-8", errors="replace") as file:
            return file.read().rpartition(")")[2].split()[0] in "RD"
    except OSError:
        return True
