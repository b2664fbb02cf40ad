"""The terminal changes its size at any moment."""

import random

from support import MonitorCase, keys
from support.monitor import is_over, lines, pane


class ResizeTests(MonitorCase):
    def test_the_screen_is_laid_out_again(self):
        screen = self.watch_script("seq 1 500; exec sleep 1000")
        screen.wait_for(lambda s: "500" in lines(s))
        for rows, columns in ((50, 200), (24, 80), (16, 60), (30, 120), (12, 132), (40, 60)):
            with self.subTest(size=(rows, columns)):
                screen.resize(rows, columns)
                screen.wait_for(lambda s: fits(s, rows, columns) and lines(s)[-1:] == ["500"])
        screen.send("K")
        screen.wait_for("killed")
        self.quit(screen, 137)

    def test_smaller_and_back_at_once_draws_what_the_terminal_has_cut(self):
        screen = self.watch("seq", "1", "500")
        screen.wait_for(is_over)
        for _ in range(20):
            screen.resize(5, 20)
            screen.resize(30, 120)
            screen.wait_for(lambda s: fits(s, 30, 120) and lines(s)[-1:] == ["500"])
        self.quit(screen)

    def test_the_smallest_screen_still_shows_output(self):
        screen = self.watch("seq", "1", "500")
        screen.wait_for(is_over)
        screen.resize(5, 20)
        screen.emulator.reset()
        screen.wait_for(lambda s: "500" in s.text())
        screen.resize(30, 120)
        screen.wait_for(lambda s: fits(s, 30, 120))
        self.quit(screen)

    def test_below_the_smallest_screen_there_is_a_message_and_back(self):
        screen = self.watch("seq", "1", "500")
        screen.wait_for(is_over)
        for rows, columns in ((4, 20), (5, 19), (3, 10), (1, 40), (2, 5), (1, 1), (30, 3), (1, 200)):
            with self.subTest(size=(rows, columns)):
                screen.resize(rows, columns)
                screen.wait_for(lambda s: "500" not in s.text() and s.text().strip() != "")
        screen.resize(30, 120)
        screen.wait_for(lambda s: fits(s, 30, 120) and lines(s)[-1] == "500")
        self.quit(screen)

    def test_it_opens_on_a_tiny_screen(self):
        screen = self.watch("seq", "1", "500", rows=2, columns=8)
        screen.wait_for(lambda s: s.text().strip() != "")
        screen.resize(30, 120)
        screen.wait_for(lambda s: is_over(s) and lines(s)[-1] == "500")
        self.quit(screen)

    def test_dialogs_survive_a_resize(self):
        screen = self.watch("sleep", "1000")
        screen.wait_for("running")
        for key, sign in (("?", "keys"), ("x", "signal to 1"), ("n", "start a command"), ("t", "theme"), ("q", "stay")):
            with self.subTest(dialog=sign):
                screen.send(key)
                screen.wait_for(sign)
                for rows, columns in ((5, 20), (10, 40), (3, 9), (30, 120)):
                    screen.resize(rows, columns)
                    screen.wait_for(lambda s: s.text().strip() != "")
                screen.wait_for(sign)
                screen.send(keys.ESCAPE)
                screen.wait_for(lambda s: "K kill" in s.lines()[-1] and pane(s) is not None)
        screen.send("K")
        screen.wait_for("killed")
        self.quit(screen, 137)

    def test_random_sizes_in_a_flood_end_with_a_whole_screen(self):
        seed = random.randrange(1 << 30)
        chance = random.Random(seed)
        screen = self.watch("sh", "-c", "seq 1 400000; sleep 1000 >/dev/null 2>&1 & exit 0")
        for _ in range(60):
            screen.resize(chance.randint(1, 60), chance.randint(1, 200))
            screen.send(chance.choice(["j", "k", "G", "g", "w", "z", "v", "f", keys.TAB, "l", "h", "?" + keys.ENTER]))
            screen.pump(0.01)
        screen.resize(30, 120)
        screen.send(keys.ENTER)
        screen.wait_for(is_over_anywhere, f"the end (seed {seed})", deadline=60)
        screen.send(keys.control("l"))
        screen.wait_for(lambda s: s.text().strip() != "" and len(s.lines()) == 30)
        screen.send("q")
        self.assertEqual(0, screen.finish(), f"seed {seed}")


def fits(screen, rows, columns):
    """Whether the frame that is shown is one for this size: both panes end at the right edge, the list at the left."""
    cells = screen.columns()
    if len(cells) != rows or rows >= 16 and cells[1][0] != "┌":
        return False
    edges = [row for row in cells if row[columns - 1] in "┐┘│"]
    return len(edges) >= rows - 9


def is_over_anywhere(screen):
    """Whether an end is shown somewhere, also without a header."""
    # One stream's END, and "exit 0", which the command's own words have too, are there before the end is.
    return "done" in screen.text() or "complete ──" in screen.text()
