"""Too few descriptors or threads: it works, or is refused in one line; never a trap, never an orphan."""

import os
import signal
import subprocess
import unittest

from support import DEADLINE, MonitorCase, keys, wait_until
from support.monitor import bottom
from support.threads import IS_WHOLE

#: Limits of open files: all, or those at which something else is short.
FEW_DESCRIPTORS = (3, 4, 8, 9, 12, 16, 18, 19, 20, 21, 22, 23, 24, 25, 26, 28, 31, 36, 40, 44, 46, 64)
DESCRIPTORS = range(3, 65) if IS_WHOLE else FEW_DESCRIPTORS
THREADS = range(1, 21) if IS_WHOLE else (1, 2, 3, 5, 7, 8, 9, 12, 13, 14, 16, 18)


class LimitTests(MonitorCase):
    def limited(self, limit, *arguments):
        return ["/bin/sh", "-c", f'ulimit -n {limit}; exec "$@"', "sh", self.program, *map(str, arguments)]

    def with_threads(self, limit, *arguments):
        """As another user, since root has no such limit."""
        user = 40_000 + os.getpid() % 10_000
        subprocess.run(["chown", "-R", str(user), self.scratch.path], check=True)
        return ["setpriv", "--reuid", str(user), "--clear-groups", "prlimit", f"--nproc={limit}:{limit}", self.program,
                *map(str, arguments)]

    def run_limited(self, command):
        running = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=DEADLINE, check=False,
                                 env=self.scratch.environment(), cwd=self.scratch.work)
        self.assert_no_process_is_left()
        return running

    def assert_works_or_is_refused(self, running, output):
        """A message is one line, with what to do."""
        words = running.stderr.decode()
        if running.returncode == 127:
            return self.assertIn("loading shared libraries", words)
        self.assertIn(running.returncode, (0, 125), words)
        if running.returncode == 0:
            self.assertEqual(output, running.stdout)
        if words:
            self.assertEqual(1, len(words.splitlines()), words)
            self.assertRegex(words, r"^boxwatch: .*ulimit -[nu]")
        return self.assertTrue(words or running.returncode == 0)

    def test_a_run_with_few_descriptors(self):
        for limit in DESCRIPTORS:
            with self.subTest(descriptors=limit):
                command = self.limited(limit, "run", "--headless", "--", "sh", "-c", "echo ok; sleep 0.3")
                self.assert_works_or_is_refused(self.run_limited(command), b"ok\n")

    def test_many_commands_with_few_descriptors(self):
        for limit, count in ((100, 20), (256, 20), (1024, 200)):
            with self.subTest(descriptors=limit, commands=count):
                words = " --- ".join(["sh -c true"] * count).split()
                running = self.run_limited(self.limited(limit, "run", "--headless", "--", *words))
                self.assert_works_or_is_refused(running, b"")

    def test_a_server_with_few_descriptors(self):
        for limit in DESCRIPTORS:
            with self.subTest(descriptors=limit):
                command = ["timeout", "-s", "TERM", "0.6", *self.limited(limit, "serve", "--headless", "--listen", "127.0.0.1:0")]
                running = self.run_limited(command)
                self.assertIn(running.returncode, (124, 125, 127), running.stderr)
                # Whom it serves is said in a line, too.
                self.assertLessEqual(len(running.stderr.splitlines()), 3, running.stderr)

    def test_a_monitor_with_few_descriptors_whose_attach_key_is_pressed(self):
        for limit in DESCRIPTORS:
            with self.subTest(descriptors=limit):
                self.press_attach(self.limited(limit, "run", "--", "sh", "-c", "echo here; exec sleep 1000"))

    @unittest.skipUnless(os.geteuid() == 0, "only root can become another user")
    def test_a_run_with_few_threads(self):
        for limit in THREADS:
            with self.subTest(threads=limit):
                running = self.run_limited(self.with_threads(limit, "run", "--headless", "--", "sh", "-c", "echo ok; exec sleep 0.3"))
                self.assert_works_or_is_refused(running, b"ok\n")

    @unittest.skipUnless(os.geteuid() == 0, "only root can become another user")
    def test_a_monitor_with_few_threads(self):
        for limit in THREADS:
            with self.subTest(threads=limit):
                self.press_attach(self.with_threads(limit, "run", "--", "sh", "-c", "echo here; exec sleep 1000"))

    def press_attach(self, command):
        screen = self.open_screen(*command[1:], program=command[:1])
        wait_until(lambda: not screen.pump() or "a attach" in bottom(screen) or "ulimit" in bottom(screen), "a screen")
        if not screen.ended:
            screen.send("a")
            wait_until(lambda: not screen.pump() or "Esc leave" in bottom(screen), "the list")
            screen.send(keys.ESCAPE)
            screen.signal(signal.SIGTERM)
            self.assertEqual(128 + signal.SIGTERM, screen.finish())
        self.assertIn(screen.status(), (125, 127, 128 + signal.SIGTERM))
        self.assertEqual(screen.settings_before, screen.settings())
        raw = bytes(screen.raw)
        self.assertGreaterEqual(raw.rfind(b"\x1b[?1049l"), raw.rfind(b"\x1b[?1049h"))
        self.assertGreaterEqual(raw.rfind(b"\x1b[?1000l"), raw.rfind(b"\x1b[?1000h"))
        self.assert_no_process_is_left()
        screen.close()
