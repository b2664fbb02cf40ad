"""Runs faults side by side and counts the verdicts."""

import collections
import concurrent.futures
import errno
import itertools
import threading
import time

from .exceptions import reason_for
from .plan import every_fault, spread
from .scenarios import SCENARIOS
from .verdict import Outcome

VERDICTS = ("exact", "clear", "wrong", "excused", "missed")


class Campaign:
    """Faults for some scenarios: all, or as many of an order that a seed decides as fit into a time."""

    def __init__(self, names, seed, seconds, jobs, only="", most=None):
        self.names, self.seed, self.seconds, self.jobs, self.only = names, seed, seconds, jobs, only
        self.most = most
        self.counts = {name: collections.defaultdict(collections.Counter) for name in names}
        self.wrong, self.excuses = [], collections.Counter()
        self.planned = self.done = 0
        self._lock = threading.Lock()

    def run(self):
        print(f"seed {self.seed}", flush=True)
        end = None if self.seconds is None else time.monotonic() + self.seconds
        orders = [[(name, fault) for fault in self._faults(name, 12 if end is None else 4)] for name in self.names]
        self.planned = sum(map(len, orders))
        # One of each scenario in turn: so each has its share, however slow the machine is.
        turns = itertools.chain.from_iterable(itertools.zip_longest(*orders))
        order = itertools.islice((entry for entry in turns if entry), self.most)
        with concurrent.futures.ThreadPoolExecutor(self.jobs) as pool:
            list(pool.map(lambda _: self._work(order, end), range(self.jobs)))

    def _faults(self, name, most):
        calls, has_screen = self._run_without_fault(name)
        faults = [fault for fault in every_fault(calls, most, has_screen)
                  if self.only in f"{fault.kind}/{fault.place}"]
        return spread(faults, f"{self.seed} {name}")

    @staticmethod
    def _run_without_fault(name):
        """The number of calls of each kind and class in a run that must be exact, and whether it is on a screen."""
        outcome, calls = SCENARIOS[name]()
        verdict, reasons = outcome.judge()
        if verdict != "exact":
            raise AssertionError(f"{name} is {verdict} without a fault: {reasons + outcome.said}")
        return {key: count for key, (count, _) in calls.items()}, outcome.has_screen

    def _work(self, order, end):
        while end is None or time.monotonic() < end:
            with self._lock:
                name, fault = next(order, (None, None))
            if fault is None:
                return
            self._give(name, fault)

    def _give(self, name, fault):
        try:
            outcome, calls = SCENARIOS[name](fault)
        except Exception as error:  # What breaks the driver is told with the fault that did it.
            outcome, calls = Outcome(problems=[repr(error)]), {}
        verdict, wrong = outcome.judge()
        _, given = calls.get((fault.kind, fault.place), (0, 0))
        with self._lock:
            if verdict == "exact" and not given:
                verdict = "missed"
            if verdict == "wrong" and (excuse := reason_for(name, fault, wrong)):
                verdict = "excused"
                self.excuses[excuse] += 1
            elif verdict == "wrong":
                self._tell(name, fault, outcome, wrong)
            self.done += 1
            self.counts[name][fault.kind][verdict] += 1

    def _tell(self, name, fault, outcome, wrong):
        error = errno.errorcode.get(fault.error, "-")
        what = f"{fault.kind} {fault.place} #{fault.nth} {error} {fault.mode} (status {outcome.status})"
        line = f"WRONG {name}: {what}: " + "; ".join(wrong + outcome.said)
        self.wrong.append(line)
        print(line, f"\n      .ci/faults --scenario {name} --fault {fault}", flush=True)

    def report(self):
        """Prints the table; 1 when something is wrong, or when no fault could be injected."""
        for name, kinds in self.counts.items():
            print(f"\n{name:18}" + "".join(f"{verdict:>9}" for verdict in VERDICTS))
            for kind, counts in sorted(kinds.items()):
                print(f"  {kind:16}" + "".join(f"{counts[verdict]:9}" for verdict in VERDICTS))
            total = sum(kinds.values(), collections.Counter())
            print(f"  {'all':16}" + "".join(f"{total[verdict]:9}" for verdict in VERDICTS))
        for excuse, count in self.excuses.items():
            print(f"\nexcused {count} times: {excuse}")
        print(f"\n{self.done} of {self.planned} faults given, seed {self.seed}, {len(self.wrong)} wrong")
        if not self.done:
            print("no fault was given: " + ("the time was too short" if self.planned else f"none is {self.only!r}"))
        return 1 if self.wrong or not self.done else 0
