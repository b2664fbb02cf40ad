"""Terminals of other kinds, and none."""

from support import MonitorCase
from support.monitor import is_over, lines


class TerminalTests(MonitorCase):
    def open_term(self, term, **environment):
        screen = self.watch_script("echo hi; exec sleep 0.2", environment={"TERM": term, **environment})
        return screen

    def test_known_terminals_show_everything(self):
        for term in ("xterm", "xterm-256color", "screen", "screen-256color", "tmux-256color", "linux", "vt100", "vt220",
                     "rxvt-unicode-256color", "ansi"):
            with self.subTest(term=term):
                screen = self.open_term(term)
                screen.wait_for("hi")
                screen.wait_for("done")
                screen.send("q")
                self.assertEqual(0, screen.finish())
                self.assertEqual(screen.settings_before, screen.settings())

    def test_an_unknown_or_unset_terminal_is_taken_as_a_common_one(self):
        for term in ("no-such-terminal", "", None):
            with self.subTest(term=term):
                screen = self.open_term(term)
                screen.wait_for(is_over)
                self.assertEqual(["hi"], lines(screen))
                self.quit(screen)

    def test_a_dumb_terminal_gets_the_bytes(self):
        screen = self.open_term("dumb")
        self.assertEqual(0, screen.finish())
        self.assertEqual(b"hi\r\n", bytes(screen.raw))
        self.assertEqual(screen.settings_before, screen.settings())

    def test_a_dumb_terminal_without_a_command_is_refused(self):
        screen = self.open_screen(environment={"TERM": "dumb"})
        self.assertEqual(125, screen.finish())
        self.assertIn("terminal", screen.text())

    def test_without_utf8_borders_are_plain_and_nothing_breaks(self):
        screen = self.open_term("xterm", LANG="C", LC_ALL="C")
        screen.wait_for("hi")
        screen.wait_for("done")
        self.assertTrue(all(byte < 0x80 for byte in screen.raw), bytes(screen.raw[-300:]))
        self.assertIn("+", screen.lines()[1])
        screen.send("q")
        self.assertEqual(0, screen.finish())

    def test_truecolour_is_used_where_it_is_promised(self):
        path = self.scratch.write("content", b"\x1b[38;2;1;2;3mWORD\n")
        screen = self.watch("cat", path, environment={"COLORTERM": "truecolor"})
        screen.wait_for(is_over)
        self.assertIn(len(screen.cell_of("WORD").fg), (6, 5))
        self.quit(screen)

    def test_without_a_mouse_no_mouse_is_asked_for(self):
        screen = self.watch("true", options=["--no-mouse"])
        screen.wait_for(is_over)
        self.quit(screen)
        self.assertNotIn(b"\x1b[?1000h", screen.raw)

    def test_a_file_in_place_of_the_output_means_headless(self):
        target = self.scratch.work / "target"
        screen = self.open_screen("-c", f'"{self.program}" run -- echo hi >{target}', program=["/bin/sh"])
        self.assertEqual(0, screen.finish())
        self.assertEqual((b"", b"hi\n"), (bytes(screen.raw), target.read_bytes()))

    def test_headless_can_be_asked_for_in_a_terminal(self):
        screen = self.open_screen("run", "--headless", "--", "echo", "hi")
        self.assertEqual(0, screen.finish())
        self.assertEqual(b"hi\r\n", bytes(screen.raw))
