"""What a process holds over time, and whether that grows."""

import os
import statistics
import threading

#: Growth between the middle and the last third of the samples that is still called none: a part, and an amount.
ALLOWED = {"memory in KiB": (0.15, 16 << 10), "descriptors": (0.2, 32), "threads": (0, 4)}


class Samples:
    """Samples some processes every half second until `stop`."""

    def __init__(self, processes, executions):
        #: Name -> quantity -> values.
        self.values = {name: {quantity: [] for quantity in ALLOWED} for name in processes}
        self.folders = []
        self._processes, self._executions = processes, executions
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self):
        while not self._stopping.wait(0.5):
            for name, pid in self._processes.items():
                for quantity, value in zip(ALLOWED, holdings(pid)):
                    self.values[name][quantity].append(value)
            self.folders.append(folder_count(self._executions))

    def stop(self):
        self._stopping.set()
        self._thread.join()

    def growth(self):
        """Everything that grew, in words."""
        return [words for name, quantities in self.values.items() for quantity, values in quantities.items()
                if (words := trend(f"{name}: {quantity}", values, *ALLOWED[quantity]))]

    def table(self):
        """One line for each process and quantity: first, median, most, last."""
        return [f"{name:16} {quantity:14} first {values[0]:8} median {statistics.median(values):8.0f} "
                f"most {max(values):8} last {values[-1]:8}"
                for name, quantities in self.values.items() for quantity, values in quantities.items() if values]


def trend(name, values, part, amount):
    """A message if values grow: the median of their last third is above that of the middle third."""
    third = len(values) // 3
    if third < 5:
        return None
    middle, last = statistics.median(values[third:2 * third]), statistics.median(values[2 * third:])
    if last <= middle * (1 + part) + amount:
        return None
    return f"{name} grows: {middle:.0f} in the middle, {last:.0f} at the end"


def holdings(pid):
    """Resident memory in KiB, descriptors and threads of a process."""
    with open(f"/proc/{pid}/status", encoding="utf-8") as file:
        fields = dict(line.split(":", 1) for line in file)
    return int(fields["VmRSS"].split()[0]), len(os.listdir(f"/proc/{pid}/fd")), int(fields["Threads"])


def folder_count(executions):
    """How many journals there are."""
    try:
        return len(os.listdir(executions))
    except FileNotFoundError:
        return 0
