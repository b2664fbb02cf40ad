"""The race lab on the screen: the tour, a loss by hand, a replay, and the way back to the monitor and the shell."""

import base64
import re
import signal

from support import MonitorCase, keys
from support.monitor import bottom, header, lines

TOUR = "o1e1:exoOE"


def schedule(screen):
    """The schedule that the lab's top line shows."""
    words = header(screen).split()
    return words[3] if words[:3] == ["race", "lab", "schedule"] else None


def halves(screen):
    """The two halves as lists of rows, by the place of their borders in the second line."""
    rows = screen.columns()
    corners = [column for column, cell in enumerate(rows[1]) if cell == "┌"]
    ends = [column for column, cell in enumerate(rows[1]) if cell == "┐"]
    if len(corners) != 3 or len(ends) != 3:
        return [], []
    found = []
    for left, right in zip(corners[1:], ends[1:]):
        half = []
        for row in rows[2:]:
            if row[left] != "│":
                break
            half.append("".join(row[left + 2:right]).rstrip())
        found.append(half)
    return tuple(found)


def verdict(screen, half):
    """The verdict of one half, its rows joined; the glyph first."""
    rows = halves(screen)[half]
    return " ".join(row.strip() for row in rows[:2]).strip()


class RaceCase(MonitorCase):
    def open_lab(self, *arguments, **options):
        screen = self.open_screen("race", *arguments, **options)
        screen.wait_for(lambda s: schedule(s) is not None, "the lab")
        return screen

    def assert_leaves(self, screen):
        screen.send("q")
        self.assertEqual(0, screen.finish(), screen.left().decode("utf-8", "replace"))
        self.assertEqual(screen.settings_before, screen.settings())
        # Nothing ran, so nothing stays in the user's terminal.
        self.assertEqual("", re.sub(r"\x1b(\[[0-9;?]*[a-zA-Z]|[>=])", "", screen.left().decode()).strip())


class SteppingTests(RaceCase):
    def test_a_loss_by_hand(self):
        screen = self.open_lab(rows=24, columns=80)
        # stdout's chunk is held back; the exit comes first.
        screen.send("3" + keys.ENTER)
        screen.wait_for(lambda s: schedule(s) == "o1e1:x")
        self.assertEqual("✖ done, exit 0, 27 bytes lost", verdict(screen, 0))
        self.assertEqual("◐ waiting, nothing read yet", verdict(screen, 1))
        screen.send("1" + keys.ENTER * 2 + "2" + keys.ENTER)
        screen.wait_for(lambda s: schedule(s) == "o1e1:xoOe")
        self.assertIn("○ stdout chunk 1, lost", halves(screen)[0])
        self.assertIn("● stdout chunk 1", halves(screen)[1])
        self.assertEqual("◐ waiting, 27 bytes read", verdict(screen, 1))
        screen.send(keys.ENTER)
        screen.wait_for(lambda s: schedule(s) == "o1e1:xoOeE")
        self.assertEqual("✖ done, exit 0, 27 bytes lost", verdict(screen, 0))
        self.assertEqual("✔ done, exit 0, whole", verdict(screen, 1))
        self.assertIn("exit-first     ▲ ○   ◇    done, exit 0, 27 bytes lost", screen.text())
        self.assert_leaves(screen)

    def test_the_loss_is_red_and_bold_and_what_is_kept_is_green(self):
        screen = self.open_lab("--theme", "terminal", rows=24, columns=80)
        screen.send("3" + keys.ENTER)
        screen.wait_for("bytes lost")
        lost = screen.cell_of("✖ done")
        self.assertTrue(lost.bold)
        self.assertEqual("red", lost.fg)
        screen.send("e")
        screen.wait_for("✔ done")
        self.assertEqual("green", screen.cell_of("✔ done").fg)
        self.assert_leaves(screen)

    def test_without_colours_the_loss_still_stands_out(self):
        screen = self.open_lab(environment={"NO_COLOR": "1"})
        screen.send("3" + keys.ENTER)
        screen.wait_for("bytes lost")
        cell = screen.cell_of("✖ done")
        self.assertTrue(cell.reverse and cell.bold and cell.fg == "default")
        self.assert_leaves(screen)

    def test_without_utf8_it_is_ascii(self):
        screen = self.open_lab(environment={"LANG": "C"})
        screen.send("n")
        screen.wait_for("not read -")
        self.assertTrue(screen.text().isascii(), screen.text())
        self.assert_leaves(screen)

    def test_back_again_and_forward(self):
        screen = self.open_lab()
        before = screen.text()
        screen.send("3" + keys.ENTER + "1" + keys.ENTER)
        screen.wait_for(lambda s: schedule(s) == "o1e1:xo")
        screen.send("uu")
        screen.wait_for(lambda s: s.text() == before.replace("▸1", " 1").replace(" 1 stdout", "▸1 stdout"))
        screen.send(keys.RIGHT * 2)
        screen.wait_for(lambda s: schedule(s) == "o1e1:xo")
        self.assert_leaves(screen)

    def test_a_click_chooses_and_steps(self):
        screen = self.open_lab(rows=24, columns=80)
        row, column = screen.find("3 exit")
        screen.send(keys.click(row, column))
        screen.wait_for("▸3 exit")
        screen.send(keys.click(row, column))
        screen.wait_for(lambda s: schedule(s) == "o1e1:x")
        self.assert_leaves(screen)

    def test_copying_uses_the_terminals_clipboard_and_shows_the_text(self):
        screen = self.open_lab()
        screen.send("3" + keys.ENTER)
        screen.wait_for(lambda s: schedule(s) == "o1e1:x")
        screen.send("y")
        screen.wait_for(lambda s: bottom(s).strip().startswith("o1e1:x  copied"))
        self.assertIn(b"\x1b]52;c;" + base64.b64encode(b"o1e1:x") + b"\x1b\\", screen.raw)
        self.assert_leaves(screen)

    def test_pasting_shows_a_schedule_or_what_is_wrong_with_it(self):
        screen = self.open_lab()
        screen.send(keys.paste("o2e1:oxoOeE\n"))
        screen.wait_for(lambda s: schedule(s) == "o2e1:oxoOeE")
        screen.send("po1e1:xO" + keys.ENTER)
        screen.wait_for("column 7: unexpected 'O'; expected one of o e")
        screen.send(keys.BACKSPACE + "o" + keys.ENTER)
        screen.wait_for(lambda s: schedule(s) == "o1e1:xo")
        self.assert_leaves(screen)

    def test_options_say_what_there_is_to_happen_and_which_halves(self):
        screen = self.open_lab("--stdout", "2", "--stderr", "0", "--waiters", "1", "--late-waiter", "--grandchild",
                               "--deadline", "--force-close", "--dispatcher", "eof-only", "--dispatcher", "exit-gated")
        self.assertEqual("o2e0w1lgdf:", schedule(screen))
        row = screen.lines()[1]
        self.assertLess(row.index("eof-only"), row.index("exit-gated"))
        self.assert_leaves(screen)

    def test_the_next_loss_is_found_and_drain_ordered_has_none(self):
        screen = self.open_lab()
        screen.send("n")
        screen.wait_for(lambda s: "exit-first loses" in bottom(s) and "✖ done" in s.text())
        screen.send("{n")
        screen.wait_for("drain-ordered loses in no schedule of this scenario")
        self.assert_leaves(screen)


class TourTests(RaceCase):
    def test_the_whole_tour(self):
        for rows, columns in ((24, 80), (50, 200), (15, 60)):
            with self.subTest(size=(rows, columns)):
                screen = self.open_lab(rows=rows, columns=columns)
                screen.send("t")
                for step in range(len(TOUR.partition(":")[2]) + 1):
                    want = TOUR[:5 + step]
                    screen.wait_for(lambda s, want=want: schedule(s) == want and "go on" in bottom(s), want)
                    if rows >= 24:
                        self.assertRegex(screen.text(), r"tour, \d of 5")
                    screen.send(keys.ENTER)
                screen.wait_for("that was the tour")
                self.assertEqual("✖ done, exit 0, 13 bytes lost", verdict(screen, 0))
                self.assertTrue(verdict(screen, 1).startswith("✔ done, exit 0, whole"), verdict(screen, 1))
                self.assert_leaves(screen)

    def test_the_explanation_is_one_screen(self):
        screen = self.open_lab(rows=24, columns=80)
        screen.send("?")
        for word in ("The race:", "Sources:", "The halves:", "a tour in five steps", "suspend boxwatch"):
            screen.wait_for(word)
        screen.send(keys.ESCAPE)
        screen.wait_for(lambda s: "The race:" not in s.text() and schedule(s) == "o1e1:")
        self.assert_leaves(screen)


class ReplayTests(RaceCase):
    def test_on_a_terminal_it_opens_the_lab_at_the_last_step(self):
        screen = self.open_screen("race", "replay", TOUR)
        screen.wait_for(lambda s: schedule(s) == TOUR and "done, exit 0, 13 bytes lost" in s.text())
        screen.send("u")
        screen.wait_for(lambda s: schedule(s) == TOUR[:-1])
        self.assert_leaves(screen)

    def test_without_a_terminal_it_prints_the_diagram_and_the_verdicts(self):
        result = self.run_program("race", "replay", TOUR)
        self.assert_ended(result)
        text = result.stdout.decode().splitlines()
        self.assertEqual(TOUR, text[0])
        self.assertEqual("exit-first     ◆─▲ ○      done, exit 0, 13 bytes lost", text[4])
        self.assertEqual("drain-ordered  ◆───●───▲  done, exit 0, whole", text[5])

    def test_other_halves_and_ascii(self):
        result = self.run_program("race", "replay", TOUR, "--dispatcher", "eof-only", environment={"LANG": "C"})
        self.assert_ended(result)
        self.assertTrue(result.stdout.isascii())
        self.assertIn(b"eof-only", result.stdout)

    def test_a_bad_text_is_a_usage_error_of_one_line(self):
        self.assert_failure("race", "replay", "o1e1:OO", status=2, words=["o1e1:OO", "column 6", "expected one of o e x"])
        self.assert_failure("race", "replay", "\x1b[2J", status=2, words="column 1")
        self.assert_failure("race", "replay", "o1e1:xoOeZ", status=2, words="column 10: unexpected 'Z'; expected E")
        self.assert_failure("race", "replay", "o" * 5000, status=2, words=["ooo...' cannot be read", "column 2"])
        screen = self.open_screen("race", "replay", "o1e1:xx")
        self.assertEqual(2, screen.finish())
        self.assertIn("column 7", screen.text())
        self.assertNotIn(b"\x1b[?1049h", screen.raw)

    def test_the_lab_without_a_terminal_names_what_works_there(self):
        self.assert_failure("race", words=["terminal", "race explore"])

    def test_wrong_options(self):
        self.assert_wrong_use("race", "--stdout", "25", words="25 chunks of stdout")
        self.assert_wrong_use("race", "--dispatcher", "best", words="best")
        self.assert_wrong_use("race", *["--dispatcher", "exit-first"] * 3, words="two halves")


class LabInTheMonitorTests(RaceCase):
    def test_it_opens_over_the_monitor_and_goes_back_with_what_runs_untouched(self):
        gate = self.scratch.fifo()
        screen = self.watch("sh", "-c", f"echo before; cat {gate}; echo after")
        screen.wait_for(lambda s: lines(s) == ["before"])
        for key in ("q", keys.ESCAPE):
            with self.subTest(key=key):
                screen.send("R3" + keys.ENTER)
                screen.wait_for(lambda s: schedule(s) == "o1e1:x")
                screen.send(key)
                screen.wait_for(lambda s: "1 running" in header(s) and lines(s) == ["before"])
        screen.send("R")
        screen.wait_for(lambda s: schedule(s) == "o1e1:")
        # It ends behind the lab.
        with open(gate, "w", encoding="ascii") as pipe:
            pipe.write("between\n")
        screen.send("q")
        screen.wait_for(lambda s: "1 done" in header(s) and lines(s) == ["before", "between", "after"])
        self.quit(screen)


class TerminalTests(RaceCase):
    def test_it_is_laid_out_again_at_every_size(self):
        screen = self.open_lab()
        screen.send("3" + keys.ENTER)
        screen.wait_for(lambda s: schedule(s) == "o1e1:x")
        for rows, columns in ((50, 200), (24, 80), (15, 60), (14, 60), (3, 20), (1, 1), (30, 59), (30, 120)):
            with self.subTest(size=(rows, columns)):
                screen.resize(rows, columns)
                if rows < 15 or columns < 60:
                    words = "the race lab needs 60x15" if columns >= 24 else "needs 60x15" if columns > 1 else "6"
                    screen.wait_for(lambda s, words=words: [words] == s.text().split("\n")[rows // 2:][:1])
                else:
                    screen.wait_for(lambda s, edge=columns - 1: schedule(s) == "o1e1:x"
                                    and s.columns()[1][edge] == "┐" and "bytes lost" in s.text())
        self.assert_leaves(screen)

    def test_the_terminal_is_restored_after_each_signal(self):
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            with self.subTest(signal=number):
                screen = self.open_lab()
                screen.signal(number)
                self.assertIn(screen.finish(), (128 + number, -number))
                self.assertEqual(screen.settings_before, screen.settings())
                raw = bytes(screen.raw)
                for on, off in ((b"\x1b[?1049h", b"\x1b[?1049l"), (b"\x1b[?1000h", b"\x1b[?1000l"),
                                (b"\x1b[?2004h", b"\x1b[?2004l")):
                    self.assertGreater(raw.rfind(off), raw.rfind(on), on)
                self.assert_no_process_is_left()

    def test_redrawing(self):
        screen = self.open_lab()
        before = screen.text()
        screen.emulator.reset()
        screen.send(keys.control("l"))
        screen.wait_for(lambda s: s.text() == before)
        self.assert_leaves(screen)
