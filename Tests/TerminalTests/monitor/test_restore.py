"""The terminal is given back as it was found, whatever ends the program (P8)."""

import os
import signal

from support import MonitorCase, keys
from support.monitor import is_over


class RestoreTests(MonitorCase):
    def open_running(self, **more):
        screen = self.watch_script("echo here; exec sleep 1000", **more)
        screen.wait_for("here")
        return screen

    def assert_restored(self, screen):
        """Settings as before, alternate screen left, cursor shown, mouse, paste and keypad modes off."""
        self.assertEqual(screen.settings_before, screen.settings())
        raw = bytes(screen.raw)
        for on, off in ((b"\x1b[?1049h", b"\x1b[?1049l"), (b"\x1b[?25l", b"\x1b[?25h"), (b"\x1b[?1000h", b"\x1b[?1000l"),
                        (b"\x1b[?1006h", b"\x1b[?1006l"), (b"\x1b[?2004h", b"\x1b[?2004l"), (b"\x1b[?1h", b"\x1b[?1l"),
                        (b"\x1b=", b"\x1b>"), (b"\x1b[22;2t", b"\x1b[23;2t")):
            self.assertGreaterEqual(raw.rfind(off), 0, off)
            self.assertGreater(raw.rfind(off), raw.rfind(on), on)

    def test_after_quitting(self):
        screen = self.watch("true")
        screen.wait_for(is_over)
        self.quit(screen)
        self.assert_restored(screen)

    def test_after_quitting_by_kill(self):
        screen = self.open_running()
        screen.send("q")
        screen.wait_for("kill and quit")
        screen.send("y")
        self.assertEqual(143, screen.finish())
        self.assert_restored(screen)
        self.assert_no_process_is_left()

    def test_after_each_signal_that_asks_us_to_end(self):
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT):
            with self.subTest(signal=number):
                screen = self.open_running()
                screen.signal(number)
                self.assertIn(screen.finish(), (128 + number, -number))
                self.assert_restored(screen)
                self.assert_no_process_is_left()

    def test_after_each_signal_of_a_crash(self):
        for number in (signal.SIGSEGV, signal.SIGILL, signal.SIGTRAP, signal.SIGABRT, signal.SIGBUS, signal.SIGFPE):
            with self.subTest(signal=number):
                screen = self.open_running()
                screen.signal(number)
                self.assertEqual(-number, screen.status())
                while screen.pump():
                    pass
                self.assert_restored(screen)

    def test_a_crash_leaves_no_command_behind(self):
        screen = self.open_running()
        screen.signal(signal.SIGSEGV)
        screen.status()
        left = [pid for pid in self.scratch.processes() if pid != screen.pid]
        # What a crash cannot end goes on without a terminal, and its journal opens.
        self.assertEqual(b"here\n", (self.scratch.journal() / "stdout").read_bytes())
        for pid in left:
            os.kill(pid, signal.SIGKILL)

    def test_after_an_error_that_is_found_before_the_screen_opens(self):
        screen = self.open_screen("run", "--box", "moon", "--", "true")
        self.assertEqual(125, screen.finish())
        self.assertEqual(screen.settings_before, screen.settings())
        self.assertIn("there is no box 'moon'", screen.text())
        self.assertNotIn(b"\x1b[?1049h", screen.raw)

    def test_after_wrong_use(self):
        screen = self.open_screen("run", "--timeout", "x", "--", "true")
        self.assertEqual(2, screen.finish())
        self.assertEqual(screen.settings_before, screen.settings())
        self.assertNotIn(b"\x1b[?1049h", screen.raw)

    def test_after_a_state_folder_that_cannot_be_written(self):
        blocked = self.scratch.write("file", "")
        screen = self.open_screen("run", "--", "true", environment={"XDG_STATE_HOME": blocked})
        self.assertEqual(125, screen.finish())
        self.assertEqual(screen.settings_before, screen.settings())
        self.assertIn("boxwatch: ", screen.left().decode() or screen.text())

    def test_after_a_start_that_failed_behind_others_that_had_started(self):
        words = " --- ".join(["sleep 1000"] * 60)
        screen = self.open_screen("-c", f'ulimit -n 48; exec "{self.program}" run -- {words}', program=["/bin/sh"])
        self.assertEqual(125, screen.finish())
        self.assert_restored(screen)
        self.assertIn(b"Too many open files", screen.left())
        self.assert_no_process_is_left()

    def test_ctrl_c_is_a_key_and_asks(self):
        screen = self.open_running()
        screen.send(keys.control("c"))
        screen.wait_for("kill and quit")
        screen.send(keys.control("c"))
        self.assertEqual(143, screen.finish())
        self.assert_restored(screen)

    def test_a_terminal_that_goes_away_ends_it_and_its_commands(self):
        screen = self.open_running()
        screen.hang_up()
        screen.status()
        self.assert_no_process_is_left()

    def test_our_standard_error_never_touches_the_screen(self):
        screen = self.open_screen("run", "--verbose", "--theme", "no-such-theme", "--", "echo", "hi")
        screen.wait_for(is_over)
        before = bytes(screen.raw)
        self.assertNotIn(b"boxwatch: ", before)
        self.quit(screen)
        self.assertIn(b"no-such-theme", screen.left())
