"""The terminal is restored, however the program ends (P8)."""

import signal

from support import MonitorCase, keys
from support.monitor import header, is_over
from support.restored import assert_restored


class RestoreTests(MonitorCase):
    def open_running(self, **more):
        screen = self.watch_script("echo here; exec sleep 1000", **more)
        screen.wait_for("here")
        return screen

    def assert_restored(self, screen):
        assert_restored(self, screen)

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

    def test_a_crash_keeps_the_record(self):
        screen = self.open_running()
        screen.signal(signal.SIGSEGV)
        self.assertEqual(-signal.SIGSEGV, screen.finish())
        self.assert_restored(screen)
        self.assert_no_process_is_left()
        self.assertEqual(b"here\n", (self.scratch.journal() / "stdout").read_bytes())

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

    def test_commands_without_resources_wait_and_running_ones_continue(self):
        words = " --- ".join(["sleep 1000"] * 60)
        screen = self.open_screen("-c", f'ulimit -n 48; exec "{self.program}" run -- {words}', program=["/bin/sh"])
        screen.wait_for(lambda s: " waiting" in header(s) and " running" in header(s), "some that run and some that wait")
        screen.signal(signal.SIGTERM)
        self.assertEqual(128 + signal.SIGTERM, screen.finish())
        self.assert_restored(screen)
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
