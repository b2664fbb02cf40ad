"""`--headless` in a terminal: keys of the terminal, job control, settings left alone."""

from support import ProgramCase, keys

PROMPT = "READY> "


class HeadlessInTerminalTests(ProgramCase):
    def test_the_output_is_not_touched(self):
        screen = self.open_screen("run", "--headless", "--", "echo", "hi")
        self.assertEqual(0, screen.finish())
        self.assertEqual(b"hi\r\n", bytes(screen.raw))
        self.assertEqual(screen.settings_before, screen.settings())

    def test_ctrl_c_reaches_the_command(self):
        script = "trap 'echo caught; exit 5' INT; echo ready; while :; do sleep 0.05; done"
        screen = self.open_screen("run", "--headless", "--", "sh", "-c", script)
        screen.wait_for("ready")
        screen.send(keys.control("c"))
        self.assertEqual(5, screen.finish())
        self.assertIn("caught", screen.text())

    def test_ctrl_c_three_times_kills(self):
        script = "trap 'echo caught' INT; echo ready; while :; do sleep 0.05; done"
        screen = self.open_screen("run", "--headless", "--", "sh", "-c", script)
        screen.wait_for("ready")
        screen.send(keys.control("c"))
        screen.wait_for("caught")
        screen.send(keys.control("c"))
        screen.wait_for(lambda s: s.text().count("caught") == 2)
        screen.send(keys.control("c"))
        self.assertEqual(137, screen.finish())
        self.assert_no_process_is_left()

    def test_typed_lines_and_ctrl_d_reach_the_command(self):
        screen = self.open_screen("run", "--headless", "--", "sh", "-c", "cat; echo ended")
        screen.send("typed" + keys.ENTER)
        screen.wait_for(lambda s: s.lines()[:2] == ["typed", "typed"])
        screen.send(keys.control("d"))
        self.assertEqual(0, screen.finish())
        self.assertIn("ended", screen.text())

    def test_a_terminal_that_goes_away_ends_the_command(self):
        screen = self.open_screen("run", "--headless", "--", "sh", "-c", "echo ready; exec sleep 1000")
        screen.wait_for("ready")
        screen.hang_up()
        screen.status()
        self.assert_no_process_is_left()

    def test_in_another_process_groups_terminal_it_runs_without_a_screen_and_says_so(self):
        # What timeout(1) starts from a script is in a group of its own, which is not the terminal's.
        script = 'timeout 60 "$0" run -- sh -c "echo hi"; exit $?'
        screen = self.open_screen("-c", script, self.program, program=["/bin/sh"])
        self.assertEqual(0, screen.finish())
        self.assertNotIn(b"\x1b[?1049h", screen.raw)
        self.assertIn("in use by another process group", screen.text())
        self.assertIn("hi", screen.lines())

    def test_ctrl_z_stops_both_and_fg_goes_on(self):
        gate = self.scratch.fifo()
        shell = self.open_screen("--norc", "--noprofile", "-i", program=["/bin/bash"],
                                 environment={"PS1": PROMPT, "B": self.program, "HISTFILE": "/dev/null"})
        shell.wait_for(PROMPT.strip())
        shell.send(f"$B run --headless -- sh -c 'echo begun; cat {gate}; exit 6'\r")
        shell.wait_for(lambda s: "begun" in s.lines())
        shell.send(keys.control("z"))
        shell.wait_for("Stopped")
        shell.send("fg\r")
        gate.write_bytes(b"through\n")
        # What is typed before the prompt is the command's.
        shell.wait_for(lambda s: "through" in s.lines() and s.text().rstrip().endswith(PROMPT.strip()))
        shell.send("echo status $?\r")
        shell.wait_for("status 6")
        shell.send("exit\r")
        shell.finish()
