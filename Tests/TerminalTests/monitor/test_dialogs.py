"""Signals, kills, input, new commands, questions and themes by key."""

from support import MonitorCase, keys
from support.monitor import bottom, header, is_over, lines


class SignalMenuTests(MonitorCase):
    def test_the_menu_sends_a_signal_by_name(self):
        screen = self.watch_script("trap 'echo caught' USR1; echo ready; while :; do sleep 0.05; done")
        screen.wait_for(lambda s: lines(s) == ["ready"])
        screen.send("x")
        screen.wait_for("SIGTERM")
        screen.send("usr1")
        screen.wait_for("signal to 1: usr1")
        screen.send(keys.ENTER)
        screen.wait_for(lambda s: lines(s) == ["ready", "caught"])
        screen.send("x")
        screen.wait_for("SIGTERM")
        screen.send("9" + keys.ENTER)
        screen.wait_for("signalled")
        self.quit(screen, 137)

    def test_the_menu_stands_at_term_and_arrows_move(self):
        screen = self.watch_script("trap 'echo caught' USR2; echo ready; while :; do sleep 0.05; done")
        screen.wait_for(lambda s: lines(s) == ["ready"])
        screen.send("x")
        screen.wait_for("SIGTERM")
        screen.send(keys.UP * 3 + keys.ENTER)
        screen.wait_for(lambda s: lines(s) == ["ready", "caught"])
        screen.send("x")
        screen.wait_for("SIGTERM")
        screen.send(keys.ENTER)
        screen.wait_for("SIGTERM")
        self.assert_quits_after_the_end(screen, 143)

    def test_the_menu_can_be_left(self):
        screen = self.watch("sleep", "1000")
        screen.wait_for("running")
        screen.send("x")
        screen.wait_for("signal to 1")
        screen.send(keys.ESCAPE)
        screen.wait_while("signal to 1")
        self.assertIn("1 running", header(screen))
        screen.send("K")
        screen.wait_for("killed")
        self.quit(screen, 137)

    def test_there_is_no_process_to_signal_after_the_end(self):
        screen = self.watch("true")
        screen.wait_for(is_over)
        screen.send("x")
        screen.wait_for("has ended: there is no process to signal")
        screen.send("K")
        screen.wait_for("is over")
        self.quit(screen)


class InputTests(MonitorCase):
    def test_lines_are_written_and_the_end_of_input_ends_the_command(self):
        screen = self.watch("cat")
        screen.wait_for("running")
        screen.send("i")
        screen.wait_for("stdin of 1")
        screen.send("hello ä€" + keys.ENTER)
        screen.wait_for(lambda s: lines(s) == ["hello ä€"])
        screen.send("second" + keys.ENTER)
        screen.wait_for(lambda s: lines(s) == ["hello ä€", "second"])
        screen.send(keys.control("d"))
        screen.wait_for(is_over)
        self.quit(screen)

    def test_a_line_can_be_edited_before_it_is_sent(self):
        screen = self.watch("cat")
        screen.wait_for("running")
        screen.send("i")
        screen.wait_for("stdin of 1")
        screen.send("bad word" + keys.control("w") + "idea" + keys.HOME + "no " + keys.END + "!" + keys.LEFT +
                    keys.BACKSPACE + "A" + keys.ENTER)
        screen.wait_for(lambda s: lines(s) == ["no bad ideA!"])
        screen.send(keys.UP)
        screen.wait_for(lambda s: "no bad ideA!" in bottom(s))
        screen.send(keys.ENTER)
        screen.wait_for(lambda s: lines(s) == ["no bad ideA!"] * 2)
        screen.send(keys.control("d"))
        self.assert_quits_after_the_end(screen)

    def test_a_paste_of_several_lines_waits_for_enter(self):
        screen = self.watch("cat")
        screen.wait_for("running")
        screen.send("i")
        screen.wait_for("stdin of 1")
        screen.send(keys.paste("one\ntwo\nq"))
        screen.wait_for("several lines")
        self.assertEqual([], lines(screen))
        screen.send(keys.ENTER)
        screen.wait_for(lambda s: lines(s) == ["one", "two", "q"])
        screen.send(keys.control("d"))
        self.assert_quits_after_the_end(screen)

    def test_a_paste_on_the_screen_is_not_a_command(self):
        screen = self.watch("sleep", "1000")
        screen.wait_for("running")
        screen.send(keys.paste("qyK"))
        screen.wait_for("a paste does nothing here")
        self.assertIn("1 running", header(screen))
        screen.send("K")
        screen.wait_for("killed")
        self.quit(screen, 137)

    def test_a_closed_input_is_reported(self):
        screen = self.watch("sleep", "1000", options=["--stdin", "closed"])
        screen.wait_for("running")
        screen.send("i")
        screen.wait_for("closed")
        screen.send("K")
        screen.wait_for("killed")
        self.quit(screen, 137)


class StartTests(MonitorCase):
    def open_empty(self, **more):
        screen = self.open_screen(**more)
        screen.wait_for("no execs")
        return screen

    def start_command(self, screen, words):
        screen.send("n")
        screen.wait_for("start a command")
        screen.send(words + keys.ENTER)

    def test_an_empty_monitor_starts_a_command(self):
        screen = self.open_empty()
        self.start_command(screen, "sh -c 'echo \"two words\"; exit 3'")
        screen.wait_for(is_over)
        self.assertEqual(["two words"], lines(screen))
        self.assertIn("exit 3", screen.text())
        screen.send("q")
        self.assertEqual(0, screen.finish())

    def test_a_missing_command_is_reported(self):
        screen = self.open_empty()
        self.start_command(screen, "no-such-command")
        screen.wait_for("not found")
        screen.send("q")
        screen.finish()

    def test_an_open_quote_is_reported_and_can_be_closed(self):
        screen = self.open_empty()
        self.start_command(screen, "echo 'open")
        screen.wait_for(lambda s: "start a command" in s.text() and "is not closed" in s.text())
        screen.send("'" + keys.ENTER)
        screen.wait_for(lambda s: is_over(s) and lines(s) == ["open"])
        screen.send("q")
        screen.finish()

    def test_the_prompt_can_be_left(self):
        screen = self.open_empty()
        screen.send("n")
        screen.wait_for("start a command")
        screen.send("echo" + keys.ESCAPE)
        screen.wait_while("start a command")
        self.quit(screen)

    def test_another_box_and_a_terminal_can_be_chosen(self):
        self.scratch.configure('boxes: {nice: {command: [nice, -n, "5"]}}\n')
        screen = self.open_empty()
        screen.send("n")
        screen.wait_for("box local")
        screen.send(keys.TAB)
        screen.wait_for("box bwrap")
        screen.send(keys.TAB)
        screen.wait_for("box nice")
        screen.send(keys.control("t"))
        screen.wait_for("terminal")
        screen.send("sh -c 'nice; test -t 1 && echo yes'" + keys.ENTER)
        screen.wait_for(is_over)
        screen.wait_for("merged")
        screen.wait_for("yes")
        screen.send("q")
        screen.finish()

    def test_the_boxes_are_listed_with_what_each_can_do_and_why_not(self):
        self.scratch.configure('boxes: {nice: {command: [nice, -n, "5"]}}\n')
        screen = self.open_empty()
        screen.send("n")
        screen.wait_for("box local")
        screen.send("nice" + keys.control("x"))
        screen.wait_for("-kill-all")
        screen.wait_while("looking for more")
        screen.send("nice -n")
        screen.wait_for(lambda s: "1 of" in s.text() and "command: nice -n 5" in s.text())
        screen.send("?")
        screen.wait_for("no signals: they reach only the client here")
        screen.send(keys.ENTER)
        screen.wait_for("box nice")
        screen.send(keys.ENTER)
        screen.wait_for(is_over)
        self.assertEqual(["5"], lines(screen))
        self.quit(screen)

    def test_a_sandbox_gets_its_options_in_the_prompt(self):
        (self.scratch.work / "shown").mkdir()
        screen = self.open_empty()
        screen.send("n")
        screen.wait_for("box local")
        screen.send("sh -c 'touch /tmp/n/here; echo kept >&2; ls /tmp/n'" + keys.TAB)
        screen.wait_for("box bwrap")
        screen.send(keys.control("s"))
        screen.send("--bind shown:/tmp/n --cpus x" + keys.ENTER)
        screen.wait_for(lambda s: "start a command" in s.text() and "not a number of processors" in s.text())
        screen.send(keys.control("w") + keys.control("w") + keys.ENTER)
        screen.wait_for(is_over)
        self.assertEqual((["here"], ["kept"]), (lines(screen), lines(screen, "stderr")))
        self.assertTrue((self.scratch.work / "shown" / "here").exists())
        self.quit(screen)

    def test_a_second_command_is_started_beside_the_first(self):
        screen = self.watch_script("echo one; exec sleep 1000")
        screen.wait_for(lambda s: lines(s) == ["one"])
        self.start_command(screen, "echo two")
        screen.wait_for("2 execs")
        screen.wait_for(lambda s: lines(s) == ["two"])
        screen.send("1")
        screen.wait_for(lambda s: lines(s) == ["one"])
        screen.send("K")
        screen.wait_for("killed")
        self.quit(screen, 137)


class QuitTests(MonitorCase):
    def test_quitting_asks_only_when_something_runs(self):
        screen = self.watch_script("echo ready; exec sleep 1000")
        screen.wait_for(lambda s: lines(s) == ["ready"])
        screen.send("q")
        screen.wait_for("1 execution is still running")
        screen.send("n")
        screen.wait_while("still running")
        self.assertIn("1 running", header(screen))
        screen.send("q" + keys.ENTER)
        screen.wait_while("still running")
        self.assertIn("1 running", header(screen))
        screen.send("K")
        screen.wait_for("killed")
        self.quit(screen, 137)

    def test_the_other_button_kills(self):
        screen = self.watch_script("trap 'echo bye; exit 7' TERM; echo ready; while :; do sleep 0.05; done")
        screen.wait_for(lambda s: lines(s) == ["ready"])
        screen.send("q")
        screen.wait_for("[stay]")
        screen.send(keys.TAB)
        screen.wait_for("[kill and quit]")
        screen.send(keys.ENTER)
        self.assertEqual(7, screen.finish())
        self.assertEqual(b"ready\nbye\n", (self.scratch.journal() / "stdout").read_bytes())
        self.assert_no_process_is_left()

    def test_a_command_that_ignores_term_is_killed(self):
        screen = self.watch_script("trap '' TERM; echo ready; while :; do sleep 0.05; done")
        screen.wait_for(lambda s: lines(s) == ["ready"])
        screen.send("q")
        screen.wait_for("[stay]")
        screen.send("y")
        self.assertEqual(137, screen.finish())
        self.assert_no_process_is_left()
