"""A disk that is full under the monitor: it is shown, waited for, and does not block quitting."""

from support import MonitorCase
from support.monitor import is_over, lines


class FullDiskTests(MonitorCase):
    def open_on_full_disk(self):
        mount = self.small_disk()
        screen = self.watch_script("seq 1 600000", environment={"XDG_STATE_HOME": mount})
        screen.wait_for("stalled")
        return mount, screen

    def test_it_is_shown_and_the_command_continues_when_there_is_space(self):
        mount, screen = self.open_on_full_disk()
        screen.wait_for("disk full")
        # The stream's own event follows that of the record, in a frame of its own.
        screen.wait_for("STALLED")
        (mount / "ballast").unlink()
        screen.wait_for(is_over)
        self.assertEqual("600000", lines(screen)[-1])
        self.quit(screen)

    def test_killing_and_quitting_are_not_blocked(self):
        _, screen = self.open_on_full_disk()
        screen.send("K")
        screen.wait_for("killed")
        screen.wait_for("record lost")
        self.quit(screen, 125)
        self.assert_no_process_is_left()

    def test_quitting_at_once_is_not_blocked(self):
        _, screen = self.open_on_full_disk()
        screen.send("q")
        screen.wait_for("kill and quit")
        screen.send("y")
        self.assertEqual(125, screen.finish())
        self.assert_no_process_is_left()
