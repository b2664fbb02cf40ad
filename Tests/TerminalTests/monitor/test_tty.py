"""`--tty`: a command with a terminal of its own inside the monitor."""

from support import MonitorCase, keys
from support.monitor import is_over, pane


def rows(screen):
    """The merged pane's rows."""
    found = pane(screen, "terminal")
    return [row for row in found.rows if row] if found else []


def is_size(screen, words):
    """Whether `stty size` has printed the present size of the pane."""
    found = pane(screen, "terminal")
    return words == [f"{len(found.rows)} {found.width - 1}"] if found else False


class TerminalCommandTests(MonitorCase):
    def watch_tty(self, script, **more):
        return self.watch_script(script, "--tty", **more)

    def test_both_streams_come_merged_and_the_pane_says_so(self):
        screen = self.watch_tty("echo out; echo err >&2; test -t 0 && test -t 1 && test -t 2 && echo terminal")
        screen.wait_for(is_over)
        self.assertEqual(["out", "err", "terminal"], rows(screen)[:3])
        self.assertIn("merged", pane(screen, "terminal").title)
        self.assertIsNone(pane(screen, "stderr"))
        self.quit(screen)

    def test_the_command_sees_the_panes_size_and_each_change_of_it(self):
        screen = self.watch_tty("trap 'stty size' WINCH; stty size; while :; do sleep 0.05; done")
        screen.wait_for(rows)
        self.assertTrue(is_size(screen, rows(screen)[:1]), screen.text())
        screen.resize(40, 90)
        screen.wait_for(lambda s: is_size(s, rows(s)[-1:]))
        screen.send("K")
        screen.wait_for("killed")
        self.quit(screen, 137)

    def test_typed_lines_reach_it_and_are_echoed_once(self):
        screen = self.watch_tty("read line; echo got $line")
        screen.wait_for("running")
        screen.send("i")
        screen.wait_for("stdin of 1")
        screen.send("hello" + keys.ENTER)
        screen.wait_for(is_over)
        self.assertEqual(["hello", "got hello"], rows(screen)[:2])
        screen.send(keys.ESCAPE)
        screen.wait_while("stdin of 1")
        self.quit(screen)

    def test_the_end_of_input_is_a_character(self):
        screen = self.watch_tty("cat; echo first; cat; echo second")
        screen.wait_for("running")
        for word in ("first", "second"):
            screen.send("i")
            screen.wait_for("stdin of 1")
            screen.send(keys.control("d"))
            screen.wait_for(word)
        self.assert_quits_after_the_end(screen)

    def test_an_interrupt_reaches_it_by_the_menu(self):
        screen = self.watch_tty("trap 'echo caught; exit 5' INT; echo ready; while :; do sleep 0.05; done")
        screen.wait_for("ready")
        screen.send("xint" + keys.ENTER)
        screen.wait_for("caught")
        self.assert_quits_after_the_end(screen, 5)
