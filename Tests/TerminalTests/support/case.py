"""The base of every test case here."""

import os
import subprocess
import unittest

from .deadline import DEADLINE, wait_until
from .headless import Headless
from .program import BOXWATCH
from .scratch import Scratch
from .screen import Screen


class ProgramCase(unittest.TestCase):
    """Gives each test a scratch world, and leaves no process behind."""

    #: The program's path, for tests that let a shell start it.
    program = BOXWATCH

    @classmethod
    def setUpClass(cls):
        if not os.access(BOXWATCH, os.X_OK):
            raise AssertionError(f"there is no program at {BOXWATCH}: run swift build first")

    def setUp(self):
        self.scratch = Scratch()
        self.addCleanup(self.scratch.remove)

    def start(self, *arguments, **options):
        """Starts the program between pipes."""
        headless = Headless(self.scratch, *arguments, **options)
        self.addCleanup(headless.close)
        return headless

    def run_program(self, *arguments, data=b"", deadline=DEADLINE, **options):
        """Runs the program to its end."""
        return self.start(*arguments, **options).finish(data, deadline)

    def run_command(self, *command, options=(), **more):
        """Runs `boxwatch run --headless OPTIONS -- COMMAND`."""
        return self.run_program("run", "--headless", *options, "--", *command, **more)

    def run_script(self, script, *options, **more):
        """Runs a shell script headless."""
        return self.run_command("sh", "-c", script, options=options, **more)

    def open_screen(self, *arguments, **options):
        """Starts the program in a terminal of its own."""
        screen = Screen(self.scratch, *arguments, **options)
        self.addCleanup(screen.close)
        return screen

    def small_disk(self):
        """A file system of 8 MB with 2 MB left; the test is skipped where none can be mounted."""
        mount = self.scratch.path / "small"
        mount.mkdir()
        made = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=8m", "none", mount], capture_output=True, check=False)
        if made.returncode:
            self.skipTest(f"cannot mount a small tmpfs: {made.stderr.decode().strip()}")
        self.addCleanup(subprocess.run, ["umount", "-l", mount], check=True)
        (mount / "ballast").write_bytes(b"b" * 6_000_000)
        return mount

    def assert_ended(self, result, status=0, stdout=None, stderr=b""):
        """Compares all three things a run leaves; None for what does not matter."""
        self.assertEqual(status, result.status, result.text)
        if stderr is not None:
            self.assertEqual(stderr, result.stderr)
        if stdout is not None:
            self.assertEqual(stdout, result.stdout)

    def assert_no_process_is_left(self):
        """Waits until nothing that the test started is alive."""
        wait_until(lambda: not self.scratch.processes(), lambda: f"the end of {self.scratch.processes()}")

    def assert_wrong_use(self, *arguments, words, **options):
        """The program must refuse with status 2, one clear line first, and start nothing."""
        result = self.run_program(*arguments, **options)
        first = result.text.splitlines()[0] if result.text else ""
        self.assertEqual(2, result.status, result.text)
        self.assertEqual(b"", result.stdout)
        for word in [words] if isinstance(words, str) else words:
            self.assertIn(word, first)
        self.assertEqual([], self.scratch.journals())

    def assert_failure(self, *arguments, words, status=125, **options):
        """The program must fail for a reason of its own: one line with `boxwatch:` before it."""
        result = self.run_program(*arguments, **options)
        self.assertEqual(status, result.status, result.text)
        self.assertEqual(1, len(result.text.splitlines()), result.text)
        self.assertTrue(result.text.startswith("boxwatch: "), result.text)
        for word in [words] if isinstance(words, str) else words:
            self.assertIn(word, result.text)
        return result

