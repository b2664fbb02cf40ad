"""A record that is lost under the monitor: the reason is shown, the output continues, and the status reports it."""

from support import MonitorCase
from support.monitor import is_over, lines


class RecordFailureTests(MonitorCase):
    def watch_blocked(self, script):
        """Watches a script whose output file cannot be made: what it writes after `go` cannot be recorded."""
        gate = self.scratch.fifo()
        screen = self.watch_script(f"cat {gate}; {script}")
        screen.wait_for("running")
        (self.scratch.journal() / "stdout").mkdir()
        gate.write_bytes(b"")
        return screen

    def test_the_reason_is_shown_and_the_output_continues(self):
        screen = self.watch_blocked("seq 1 500; exit 0")
        screen.wait_for(is_over)
        self.assertIn("record lost", screen.text())
        self.assertIn("500", lines(screen))
        self.quit(screen, 125)

    def test_the_status_after_a_kill_shows_the_lost_record(self):
        screen = self.watch_blocked("echo a; exec sleep 100")
        screen.wait_for("record lost")
        screen.send("q")
        screen.wait_for("kill and quit")
        screen.send("y")
        self.assertEqual(125, screen.finish())
        self.assert_no_process_is_left()
