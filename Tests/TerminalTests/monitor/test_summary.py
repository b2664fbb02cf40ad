"""What is left in the terminal after the monitor: a short summary, and the command's exit status."""

from support import MonitorCase
from support.monitor import is_over


class SummaryTests(MonitorCase):
    def leave(self, screen, status):
        screen.wait_for(is_over)
        self.quit(screen, status)
        return screen.left().decode()

    def test_a_success_is_one_line(self):
        left = self.leave(self.watch_script("seq 1 3; echo err >&2"), 0)
        for word in ("done", "exit 0", "3 lines", "1 line", "job", "local"):
            self.assertIn(word, left)
        self.assertNotIn("err\r\n", left)

    def test_a_failure_shows_its_last_lines(self):
        left = self.leave(self.watch_script("seq 1 300; echo the reason >&2; exit 3"), 3)
        for word in ("failed", "exit 3", "300", "the reason"):
            self.assertIn(word, left)
        self.assertNotIn(" 100\r\n", left)

    def test_a_failures_last_line_without_newline_is_there_too(self):
        left = self.leave(self.watch_script("printf 'the reason' >&2; exit 3"), 3)
        self.assertIn("the reason", left)

    def test_a_signal_a_limit_and_a_failed_start_are_shown(self):
        self.assertIn("SIGTERM", self.leave(self.watch_script("kill -TERM $$"), 143))
        self.assertIn("timed out", self.leave(self.watch("sleep", "1000", options=["--timeout", "200ms"]), 124))
        self.assertIn("not found", self.leave(self.watch("no-such-command"), 127))

    def test_a_truncation_is_shown(self):
        screen = self.watch_script("sleep 1000 2>/dev/null & echo hi", "--drain", "idle=100ms,max=1s")
        self.assertIn("stdout truncated", self.leave(screen, 0))

    def test_several_commands_have_a_line_each_and_the_first_status_that_is_not_zero(self):
        screen = self.watch("true", "---", "sh", "-c", "exit 4", "---", "sh", "-c", "exit 5")
        screen.wait_for(lambda s: "1 done" in s.text() and "2 failed" in s.text())
        screen.send("q")
        self.assertEqual(4, screen.finish())
        left = screen.left().decode()
        for word in ("[1]", "[2]", "[3]", "exit 0", "exit 4", "exit 5"):
            self.assertIn(word, left)

    def test_an_empty_monitor_leaves_nothing(self):
        screen = self.open_screen()
        screen.wait_for("no execs")
        self.quit(screen)
        self.assertEqual("", screen.left().decode().split("\x1b>")[-1].strip())

    def test_a_very_long_last_line_is_cut(self):
        left = self.leave(self.watch_script("head -c 3000000 /dev/zero | tr '\\0' x >&2; exit 3"), 3)
        self.assertLess(len(left), 50_000)

    def test_a_command_that_was_killed_on_leaving_is_shown(self):
        screen = self.watch_script("echo ready; exec sleep 1000")
        screen.wait_for("ready")
        screen.send("q")
        screen.wait_for("kill and quit")
        screen.send("y")
        self.assertEqual(143, screen.finish())
        self.assertIn("SIGTERM", screen.left().decode())
