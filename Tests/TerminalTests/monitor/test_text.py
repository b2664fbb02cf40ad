"""Text as people write it: wide, combined, broken, coloured, overwritten."""

import unicodedata

from support import MonitorCase
from support.monitor import is_over, lines, pane


class TextTests(MonitorCase):
    def assert_shown(self, content, *wanted):
        screen = self.watch_bytes(content if isinstance(content, bytes) else content.encode())
        self.assertEqual(list(wanted), lines(screen))
        rows = screen.columns()
        found = pane(screen)
        # Whatever the text was, the borders stand where they belong.
        for row in rows[found.top + 1:found.top + 1 + len(found.rows)]:
            self.assertEqual("││││", row[0] + row[found.width + 1] + row[found.width + 2] + row[-1])
        self.quit(screen)

    def test_wide_characters(self):
        self.assert_shown("日本語テキスト|\n한국어|\n", "日本語テキスト|", "한국어|")

    def test_wide_characters_at_the_edge(self):
        self.assert_shown("日" * 40 + "\n" + "x" + "日" * 40 + "\n", *self.cut_lines())

    def cut_lines(self):
        """What is left of the two lines in a pane of 57 columns, the last for the mark that there is more."""
        screen = self.watch_bytes(("日" * 40 + "\n" + "x" + "日" * 40 + "\n").encode())
        shown = lines(screen)
        self.quit(screen)
        for line, begin in zip(shown, ("日日", "x日")):
            self.assertTrue(line.startswith(begin) and line.endswith("›"), line)
        return shown

    def test_combining_marks(self):
        screen = self.watch_bytes("e\u0301a\u0308|\nx\u0323\u0307|\n".encode())
        self.assertEqual("éä|", lines(screen)[0])
        self.assertEqual("x\u0323\u0307|", unicodedata.normalize("NFD", lines(screen)[1]))
        self.quit(screen)

    def test_emoji(self):
        self.assert_shown("🙂🎉|\n", "🙂🎉|")

    def test_invalid_bytes_are_visible_and_take_nothing_with_them(self):
        screen = self.watch_bytes(b"a\xffb\xc3(c\xe2\x82d\n")
        shown = lines(screen)[0]
        for letter in "ab(cd":
            self.assertIn(letter, shown)
        self.assertGreaterEqual(len(shown), 8)
        self.quit(screen)

    def test_a_character_that_came_in_two_writes_is_whole(self):
        gate = self.scratch.fifo()
        left = self.scratch.write("left", b"x\xe2\x82")
        right = self.scratch.write("right", b"\xacy\n")
        screen = self.watch_script(f"cat {left}; cat {gate}; cat {right}")
        screen.wait_for(lambda s: lines(s)[:1] and lines(s)[0].startswith("x"))
        gate.write_bytes(b"")
        screen.wait_for(is_over)
        self.assertEqual(["x€y"], lines(screen))
        self.quit(screen)

    def test_tabs_go_to_every_eighth_column(self):
        self.assert_shown("a\tb\tc\n12345678\tx\n", "a       b       c", "12345678        x")

    def test_a_carriage_return_overwrites(self):
        self.assert_shown("progress 10%\rprogress 99%\nlonger\rab\n", "progress 99%", "abnger")

    def test_windows_line_ends_leave_no_mark(self):
        self.assert_shown("one\r\ntwo\r\n", "one", "two")

    def test_a_backspace_steps_back(self):
        self.assert_shown("abc\b\bX\n|\b/\b-\n", "aXc", "-")

    def test_a_progress_bar_moves_in_its_line(self):
        gate = self.scratch.fifo()
        screen = self.watch_script(
            f"printf '[#   ]'; cat {gate}; printf '\\r[##  ]'; cat {gate}; printf '\\r[####]\\n'")
        screen.wait_for(lambda s: lines(s) == ["[#   ]"])
        gate.write_bytes(b"")
        screen.wait_for(lambda s: lines(s) == ["[##  ]"])
        gate.write_bytes(b"")
        screen.wait_for(is_over)
        self.assertEqual(["[####]"], lines(screen))
        self.quit(screen)

    def test_empty_lines_are_kept(self):
        screen = self.watch_bytes(b"a\n\n\nb\n")
        self.assertEqual(["a", "", "", "b"], pane(screen).rows[:4])
        self.quit(screen)

    def test_nul_bytes_are_visible(self):
        screen = self.watch_bytes(b"a\0b\n")
        self.assertEqual(["a^@b"], lines(screen))
        self.quit(screen)


class ColourTests(MonitorCase):
    def cells(self, sequence, **more):
        """The first cell of a word in a style."""
        screen = self.watch_bytes(b"\x1b[" + sequence + b"mWORD\x1b[0m plain\n", **more)
        word, plain = screen.cell_of("WORD"), screen.cell_of("plain")
        self.quit(screen)
        return word, plain

    def test_the_sixteen_colours(self):
        names = ["black", "red", "green", "brown", "blue", "magenta", "cyan", "white"]
        sequence = b"".join(b"\x1b[%dm%d\x1b[0m" % (30 + number, number) for number in range(8))
        screen = self.watch_bytes(sequence + b"\n")
        row, column = screen.find("01234567")
        self.assertEqual(names, [screen.cell(row, column + number).fg for number in range(8)])
        self.quit(screen)

    def test_bright_and_background_colours(self):
        screen = self.watch_bytes(b"\x1b[91;44mWORD\x1b[0m plain\n")
        # The emulator knows no bright colours of its own: it is the terminal's sequence that counts.
        self.assertIn(b"\x1b[91m\x1b[44mWORD", screen.raw)
        plain = screen.cell_of("plain")
        self.assertEqual(("default", "default"), (plain.fg, plain.bg))
        self.quit(screen)

    def test_bold_underlined_and_reversed(self):
        word, plain = self.cells(b"1;4;7")
        self.assertEqual((True, True, True), (word.bold, word.underscore, word.reverse))
        self.assertEqual((False, False, False), (plain.bold, plain.underscore, plain.reverse))

    def test_colours_of_256(self):
        word, _ = self.cells(b"38;5;208")
        self.assertEqual("ff8700", word.fg)

    def test_24_bit_colours_come_as_near_as_the_terminal_has_them(self):
        word, _ = self.cells(b"38;2;255;135;0")
        self.assertEqual("ff8700", word.fg)

    def test_a_style_does_not_leak_into_the_next_pane_or_line_of_ours(self):
        screen = self.watch_bytes(b"\x1b[41mRED never ended\nnext\n")
        self.assertEqual("red", screen.cell_of("RED").bg)
        row, _ = screen.find("RED")
        self.assertEqual("default", screen.cell(row, 119).bg)
        self.assertEqual("default", screen.cell_of("exit 0").bg)
        self.quit(screen)

    def test_stderr_has_its_place_and_mark_and_no_colour(self):
        path = self.scratch.write("content", "ERR\n")
        screen = self.watch_script(f"cat {path} >&2")
        screen.wait_for(is_over)
        self.assertEqual("default", screen.cell_of("ERR").fg)
        row, column = screen.find("ERR")
        self.assertEqual("▎", screen.cell(row, column - 1).data)
        self.quit(screen)
