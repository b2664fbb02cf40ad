"""What a command writes, live, in panes of its own."""

from support import MonitorCase, keys
from support.monitor import header, is_over, lines, pane


class OutputTests(MonitorCase):
    def test_stdout_and_stderr_stand_in_panes_of_their_own(self):
        screen = self.watch_script("echo out; echo err >&2; echo out2; echo err2 >&2")
        screen.wait_for(is_over)
        self.assertEqual(["out", "out2"], lines(screen, "stdout"))
        self.assertEqual(["err", "err2"], lines(screen, "stderr"))
        self.assertIn("2 lines", pane(screen, "stdout").title)
        self.quit(screen)

    def test_output_is_there_before_the_command_ends(self):
        gate = self.scratch.fifo()
        screen = self.watch_script(f"echo first; echo warn >&2; cat {gate}; echo last")
        screen.wait_for(lambda s: lines(s) == ["first"] and lines(s, "stderr") == ["warn"])
        self.assertIn("1 running", header(screen))
        gate.write_bytes(b"through\n")
        screen.wait_for(is_over)
        self.assertEqual(["first", "through", "last"], lines(screen))
        self.quit(screen)

    def test_half_a_line_is_shown_and_grows(self):
        gate = self.scratch.fifo()
        screen = self.watch_script(f"printf 'name: '; cat {gate}")
        screen.wait_for(lambda s: lines(s) == ["name:"])
        gate.write_bytes(b"given")
        screen.wait_for(is_over)
        self.assertEqual(["name: given"], lines(screen))
        self.quit(screen)

    def test_the_command_has_nothing_of_our_terminal(self):
        screen = self.watch("sh", "-c", "ls -l /proc/self/fd; (: </dev/tty) 2>&1; tty")
        screen.wait_for(is_over)
        listed = lines(screen)
        self.assertEqual(["0", "1", "2", "3"], sorted(line.split()[-3] for line in listed if " -> " in line))
        self.assertNotIn("pts", "\n".join(listed))
        screen.send("q")
        screen.finish()

    def test_a_command_without_output_ends_with_empty_panes(self):
        screen = self.watch("true")
        screen.wait_for(is_over)
        self.assertEqual(([], []), (lines(screen), lines(screen, "stderr")))
        self.quit(screen)

    def test_the_view_follows_the_end(self):
        screen = self.watch("seq", "1", "1000")
        screen.wait_for(is_over)
        self.assertEqual("1000", lines(screen)[-1])
        self.quit(screen)

    def test_five_million_lines_end_with_the_last_one_on_the_screen(self):
        screen = self.watch("seq", "1", "5000000")
        screen.wait_for(is_over, deadline=120)
        self.assertEqual(["4999999", "5000000"], lines(screen)[-2:])
        self.assertIn("5,000,000 lines", pane(screen).title)
        self.quit(screen)

    def test_keys_are_answered_in_a_flood(self):
        screen = self.watch("yes")
        screen.wait_for(lambda s: "y" in lines(s))
        screen.send("?")
        screen.wait_for("keys ─", deadline=10)
        screen.send(keys.ESCAPE)
        screen.wait_while("keys ─", deadline=10)
        screen.send("K")
        screen.wait_for("killed", deadline=20)
        self.quit(screen, 137)

    def test_a_line_of_ten_megabytes_does_not_freeze_it(self):
        screen = self.watch_script("head -c 10000000 /dev/zero | tr '\\0' x; echo; echo LAST")
        screen.wait_for(is_over, deadline=60)
        self.assertEqual("LAST", lines(screen)[-1])
        screen.send(keys.TAB)
        for key, sign in (("w", "wrap"), ("k", "PAUSED"), ("g", "xxx"), ("G", "END"), ("?", "keys ─")):
            screen.send(key)
            screen.wait_for(sign, deadline=15)
        screen.send(keys.ESCAPE)
        screen.wait_while("keys ─")
        self.quit(screen)

    def test_hundred_thousand_lines_on_both_streams_are_counted_right(self):
        screen = self.watch_script("seq 1 100000 & seq 1 50000 >&2; wait")
        screen.wait_for(is_over)
        self.assertIn("100,000 lines", pane(screen, "stdout").title)
        self.assertIn("50,000 lines", pane(screen, "stderr").title)
        self.assertEqual(("100000", "50000"), (lines(screen)[-1], lines(screen, "stderr")[-1]))
        self.quit(screen)

    def test_an_evicted_beginning_is_drawn_as_a_gap(self):
        screen = self.watch("sh", "-c", "seq 1 3000000", options=["--keep", "4M"])
        screen.wait_for(is_over, deadline=60)
        self.assertEqual("3000000", lines(screen)[-1])
        screen.send(keys.TAB + "g")
        screen.wait_for("evicted")
        self.quit(screen)
