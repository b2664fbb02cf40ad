"""What a process takes of the machine."""

import os
import re


class Cost:
    """A look at a process: threads, descriptors, and the memory that is its own."""

    def __init__(self, pid):
        self.threads = len(os.listdir(f"/proc/{pid}/task"))
        self.descriptors = len(os.listdir(f"/proc/{pid}/fd"))
        with open(f"/proc/{pid}/smaps_rollup", encoding="ascii") as memory:
            # The program's own file, which a debug build has 100 MB of, is no growth.
            self.own_memory = int(re.search(r"Anonymous:\s+(\d+) kB", memory.read())[1]) << 10

    def __repr__(self):
        return f"{self.threads} threads, {self.descriptors} descriptors, {self.own_memory >> 20} MiB"
