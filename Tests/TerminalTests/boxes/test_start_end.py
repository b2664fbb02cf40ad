"""An end asked for while a sandbox is still being made: by a signal, a time limit, and the death of boxwatch."""

import concurrent.futures
import os
import signal
import subprocess
import time

from support import MonitorCase, wait_until
from support.monitor import is_over

#: The command, by a number that no other process sleeps for.
SECONDS = "98765"


class StartEndTests(MonitorCase):
    def setUp(self):
        super().setUp()
        answer = self.run_command("true", options=["--box", "bwrap"])
        if answer.status:
            self.skipTest(answer.text)

    def test_a_time_limit_ends_it_at_any_moment(self):
        with concurrent.futures.ThreadPoolExecutor(4) as pool:
            for limit, result in pool.map(self.run_limited, 5 * [1, 2, 3, 5, 8, 13, 21, 34]):
                with self.subTest(milliseconds=limit):
                    self.assertEqual(124, result.status, result.text)
        self.assert_no_process_is_left()

    def run_limited(self, limit):
        return limit, self.run_command("sleep", SECONDS, options=["--box", "bwrap", "--timeout", f"{limit}ms"])

    def test_no_process_outlives_a_boxwatch_that_dies_or_is_ended(self):
        # The moments of a signal are tried by the module's tests, those of a death only here.
        whole = self.time_to_start()
        numbers = 4 * [signal.SIGKILL] + [signal.SIGTERM, signal.SIGHUP]
        for moment in range(120):
            number = numbers[moment % len(numbers)]
            running = self.start("run", "--headless", "--box", "bwrap", "--", "sleep", SECONDS)
            # The program itself takes half of the time and more, which is of no interest here.
            time.sleep(whole * (0.5 + 0.7 * moment / 120))
            running.signal(number)
            with self.subTest(moment=moment, signal=number):
                running.process.wait(60)
                running.close()
                wait_until(lambda: not self.scratch.processes(), lambda: f"the end of {self.described()}")

    def test_signals_and_time_limits_end_a_command_of_the_other_boxes(self):
        name = f"end{os.getpid()}"
        self.assertEqual(0, self.run_program("box", "create", name).status)
        self.addCleanup(self.run_program, "box", "rm", "--force", name)
        for box in ("local", name):
            for moment in range(30):
                limit = ["--timeout", f"{moment + 1}ms"] if moment % 3 == 0 else []
                running = self.start("run", "--headless", "--box", box, *limit, "--", "sleep", SECONDS)
                if not limit:
                    time.sleep(moment * 0.01)
                    running.signal((signal.SIGTERM, signal.SIGHUP)[moment % 2])
                running.process.wait(60)
                running.close()
                wait_until(lambda: not self.commands(), lambda: f"the end of {self.described()}")

    def commands(self):
        """The scratch's processes that are the command or bubblewrap's, and not the monitor."""
        names = {pid: self.command_line(pid) for pid in self.scratch.processes()}
        return [pid for pid, name in names.items() if name.startswith(("sleep", "bwrap"))]

    @staticmethod
    def command_line(pid):
        try:
            with open(f"/proc/{pid}/cmdline", encoding="utf-8") as file:
                return file.read()
        except OSError:
            return ""

    def test_the_key_that_kills_does_so_at_any_moment(self):
        for moment in range(20):
            screen = self.watch("sleep", SECONDS, options=["--box", "bwrap"])
            time.sleep(moment * 0.02)
            while not is_over(screen):
                # Before there is a command the key is for nothing.
                screen.send("K")
                screen.pump(0.02)
            wait_until(lambda: not self.commands(), lambda: f"the end of {self.described()}")
            screen.close()

    def time_to_start(self):
        """Seconds from the start of boxwatch to the command's first word, as most runs have it."""
        times = []
        for _ in range(9):
            started = time.monotonic()
            running = self.start("run", "--headless", "--box", "bwrap", "--", "echo", "ready")
            running.wait_for(b"ready")
            times.append(time.monotonic() - started)
            running.finish()
        return sorted(times)[4]

    def described(self):
        names = subprocess.run(["ps", "-o", "pid,ppid,stat,args", "-p", ",".join(map(str, self.scratch.processes() or [1]))],
                               capture_output=True, text=True, check=False).stdout
        return names
