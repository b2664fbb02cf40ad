"""Short commands: the ones whose output a race would lose."""

import os
import unittest

from support.case import ServerCase
from support.server import EXIT_FIRST, Server

PATTERNS = ("read_then_wait", "wait_then_read", "take_after_wait", "all_at_once")
ECHO = {"script": "echo first-{} && exit 0", "out": "first-{}\n", "err": ""}
BOTH = {"script": "echo out-{}; echo err-{} >&2; printf last; exit 3", "out": "out-{}\nlast", "err": "err-{}\n", "code": 3}


class ShortExecutions(ServerCase):
    """1,000 executions for each client, each way to read, one and sixteen at a time."""

    count = 1000

    @classmethod
    def start_server(cls):
        # In memory: deleting that many journals from a disk takes as long as the test.
        memory = "/dev/shm"
        return Server(folder=memory if os.access(memory, os.W_OK) else None)

    def assert_whole(self, width, pattern, what):
        for version in self.each(width=width, pattern=pattern):
            seen = self.call(version, "many", count=self.count, width=width, pattern=pattern, **what)
            self.assertEqual(0, seen["wrong"], seen)
            print(f"{version} {pattern} x{width}: {self.count / seen['seconds']:.0f} execs/s")

    def test_one_at_a_time(self):
        for pattern in PATTERNS:
            self.assert_whole(1, pattern, ECHO)

    def test_sixteen_at_a_time(self):
        for pattern in PATTERNS:
            self.assert_whole(16, pattern, ECHO)

    def test_both_streams_a_last_line_without_newline_and_the_code(self):
        self.assert_whole(16, "all_at_once", BOTH)


class ExitFirst(ServerCase):
    """The same clients on a server whose dispatcher announces the end by itself: they must be seen to lose."""

    @classmethod
    def start_server(cls):
        return Server(program=EXIT_FIRST)

    def test_every_short_execution_is_lost_silently(self):
        for pattern in PATTERNS:
            for version in self.each(pattern=pattern):
                seen = self.call(version, "many", count=50, width=16, pattern=pattern, **ECHO)
                self.assertEqual(50, seen["wrong"], seen)
                self.assertEqual({"out": "", "err": "", "code": "0", "error": "None"}, seen["first"][0])


if __name__ == "__main__":
    unittest.main()
