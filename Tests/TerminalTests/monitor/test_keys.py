"""Moving through output: scrolling, following, wrapping, zooming, searching."""

from support import MonitorCase, keys
from support.monitor import bottom, is_over, lines, pane


class ScrollingTests(MonitorCase):
    def open_lines(self, count=200):
        screen = self.watch("seq", "1", str(count))
        screen.wait_for(is_over)
        screen.send(keys.TAB)
        return screen

    def first(self, screen):
        return int(lines(screen)[0])

    def press(self, screen, key, wanted):
        """Presses a key and waits until a line is the first one in the pane."""
        screen.send(key)
        screen.wait_for(lambda s: lines(s)[:1] == [str(wanted)], f"{wanted} on top after {key!r}")

    def test_lines_pages_and_both_ends(self):
        screen = self.open_lines()
        top = self.first(screen)
        height = len(pane(screen).rows)
        self.press(screen, "k", top - 1)
        self.press(screen, keys.UP, top - 2)
        self.press(screen, "j", top - 1)
        self.press(screen, keys.DOWN, top)
        self.press(screen, "g", 1)
        screen.send(keys.PAGE_DOWN)
        screen.wait_for(lambda s: height - 3 <= self.first(s) <= height + 1)
        self.press(screen, keys.PAGE_UP, 1)
        screen.send(keys.control("d"))
        screen.wait_for(lambda s: height // 2 - 2 <= self.first(s) <= height // 2 + 3)
        self.press(screen, keys.control("u"), 1)
        self.press(screen, "G", top)
        self.press(screen, keys.HOME, 1)
        self.press(screen, keys.END, top)
        self.press(screen, "b" * 50, 1)
        self.press(screen, " " * 50, top)
        self.quit(screen)

    def test_scrolling_past_the_ends_stops_there(self):
        screen = self.open_lines()
        top = self.first(screen)
        self.press(screen, "k" * 500, 1)
        self.press(screen, "j" * 500, top)
        self.quit(screen)

    def test_scrolling_up_pauses_and_counts_what_comes(self):
        gate = self.scratch.fifo()
        screen = self.watch_script(f"seq 1 100; cat {gate}; seq 101 150; cat {gate}")
        screen.wait_for(lambda s: "100" in lines(s))
        screen.send(keys.TAB + "k")
        screen.wait_for("PAUSED")
        before = lines(screen)
        gate.write_bytes(b"")
        screen.wait_for("50 new")
        self.assertEqual(before, lines(screen))
        screen.send("G")
        screen.wait_for("FOLLOW")
        screen.wait_for(lambda s: lines(s)[-1] == "150")
        gate.write_bytes(b"")
        self.assert_quits_after_the_end(screen)

    def test_following_can_be_switched(self):
        screen = self.open_lines()
        for key in "fF":
            screen.send(key)
            screen.wait_for("PAUSED")
            screen.send(key)
            screen.wait_while("PAUSED")
        self.quit(screen)

    def test_digits_select_an_execution_and_a_missing_one_is_reported(self):
        screen = self.open_lines()
        screen.send("7")
        screen.wait_for("there is no execution 7")
        self.quit(screen)

    def test_an_unknown_key_is_reported(self):
        screen = self.open_lines()
        screen.send("!")
        screen.wait_for("does nothing here")
        self.quit(screen)


class WidthTests(MonitorCase):
    LONG = "".join(f"{number:04d}." for number in range(60))

    def open_long(self):
        screen = self.watch_bytes(f"{self.LONG}\nshort\n")
        screen.send(keys.TAB)
        return screen

    def test_long_lines_are_cut_and_marked(self):
        screen = self.open_long()
        self.assertTrue(lines(screen)[0].startswith("0000.0001."))
        self.assertTrue(lines(screen)[0].endswith("›"))
        self.assertEqual("short", lines(screen)[1])
        self.quit(screen)

    def test_scrolling_sideways(self):
        screen = self.open_long()
        screen.send("l")
        screen.wait_for(lambda s: lines(s)[0].startswith("‹"))
        screen.send("h")
        screen.wait_for(lambda s: lines(s)[0].startswith("0000."))
        screen.send("$")
        screen.wait_for(lambda s: lines(s)[0].rstrip().endswith("0059."))
        screen.send("0")
        screen.wait_for(lambda s: lines(s)[0].startswith("0000."))
        screen.send(keys.RIGHT + keys.LEFT)
        screen.wait_for(lambda s: lines(s)[0].startswith("0000."))
        self.quit(screen)

    def test_wrapping_shows_all_of_a_line(self):
        screen = self.open_long()
        screen.send("w")
        screen.wait_for(lambda s: "wrap" in pane(s).title or "wrap" in s.text())
        screen.wait_for(lambda s: self.LONG in "".join(lines(s)))
        screen.send("w")
        screen.wait_for(lambda s: lines(s)[0].endswith("›"))
        self.quit(screen)

    def test_zooming_gives_a_pane_the_whole_screen(self):
        screen = self.open_long()
        screen.send("z")
        screen.wait_for(lambda s: pane(s).width > 100 and pane(s, "stderr") is None)
        screen.send(keys.TAB)
        screen.wait_for(lambda s: pane(s, "stderr") is not None and pane(s) is None)
        screen.send("z")
        screen.wait_for(lambda s: pane(s) is not None and pane(s, "stderr") is not None)
        self.quit(screen)

    def test_panes_can_be_stacked(self):
        screen = self.open_long()
        screen.send("v")
        screen.wait_for(lambda s: pane(s).left == pane(s, "stderr").left == 0)
        self.assertLess(pane(screen).top, pane(screen, "stderr").top)
        screen.send("v")
        screen.wait_for(lambda s: pane(s).top == pane(s, "stderr").top)
        self.quit(screen)


class SearchTests(MonitorCase):
    def test_a_match_is_found_shown_and_the_next_one_too(self):
        screen = self.watch("seq", "1", "3000")
        screen.wait_for(is_over)
        screen.send(keys.TAB + "g/77\r")
        screen.wait_for(lambda s: "77" in lines(s))
        row, column = screen.find(" 77 ")
        plain = screen.cell(row - 1, column + 1)
        match = screen.cell(row, column + 1)
        self.assertNotEqual((plain.fg, plain.bg, plain.reverse), (match.fg, match.bg, match.reverse))
        screen.send("n" * 3)
        screen.wait_for(lambda s: "377" in lines(s))
        screen.send("N" * 3)
        screen.wait_for(lambda s: "77" in lines(s))
        screen.send(keys.ESCAPE)
        screen.wait_for(lambda s: "/77" not in pane(s).title)
        self.quit(screen)

    def test_a_search_without_a_match_is_reported(self):
        screen = self.watch("seq", "1", "30")
        screen.wait_for(is_over)
        screen.send(keys.TAB + "/nothing like it\r")
        screen.wait_for(lambda s: "not found" in bottom(s) or "no match" in bottom(s) or "nothing" in bottom(s))
        screen.send(keys.ESCAPE)
        screen.wait_for(lambda s: "/nothing" not in pane(s).title)
        self.quit(screen)

    def test_a_search_in_a_flood_ends(self):
        screen = self.watch("seq", "1", "2000000")
        screen.wait_for(is_over, deadline=60)
        screen.send(keys.TAB + "g/1999999\r")
        screen.wait_for(lambda s: "1999999" in lines(s), deadline=60)
        self.quit(screen)


class HelpTests(MonitorCase):
    def test_help_names_the_keys_and_scrolls_and_closes(self):
        screen = self.watch("true")
        screen.wait_for(is_over)
        screen.send("?")
        screen.wait_for("focus the next of list, stdout, stderr")
        screen.send("G")
        screen.wait_for("close")
        screen.send("g")
        screen.wait_for("focus the next of list, stdout, stderr")
        screen.send("q")
        screen.wait_while("keys ─")
        self.quit(screen)
