"""Several executions on one screen; the mouse."""

from support import MonitorCase, keys
from support.monitor import header, is_over, lines, pane


class SeveralTests(MonitorCase):
    def open_three(self, **more):
        screen = self.watch("echo", "one", "---", "echo", "two", "---", "sh", "-c", "echo three; exit 3", **more)
        screen.wait_for(lambda s: "3 execs" in header(s) and is_over(s))
        return screen

    def test_all_are_in_the_list_with_their_state(self):
        screen = self.open_three()
        self.assertIn("2 done", header(screen))
        self.assertIn("1 failed", header(screen))
        for word in ("echo one", "echo two", "exit 3"):
            self.assertIn(word, screen.text())
        self.quit(screen, 3)

    def test_each_can_be_selected_by_number_and_by_arrows(self):
        screen = self.open_three()
        for number, word in (("2", "two"), ("1", "one"), ("3", "three")):
            screen.send(number)
            screen.wait_for(lambda s: lines(s) == [word])
        screen.send("[")
        screen.wait_for(lambda s: lines(s) == ["two"])
        screen.send("[")
        screen.wait_for(lambda s: lines(s) == ["one"])
        screen.send("]")
        screen.wait_for(lambda s: lines(s) == ["two"])
        self.quit(screen, 3)

    def test_a_file_names_them(self):
        path = self.scratch.write("execs.yaml", "web: echo one\njob: {command: [sh, -c, 'exit 6']}\n")
        screen = self.open_screen("run", "--file", path)
        screen.wait_for(lambda s: "2 execs" in header(s) and is_over(s))
        self.assertIn("web", screen.text())
        self.assertIn("job", screen.text())
        self.quit(screen, 6)

    def test_fifty_commands_fit_by_scrolling(self):
        command = ["echo", "number0"]
        for number in range(1, 50):
            command += ["---", "echo", f"number{number}"]
        screen = self.watch(*command)
        screen.wait_for("50 execs: 50 done")
        screen.send("1")
        screen.wait_for(lambda s: lines(s) == ["number0"])
        screen.send("]" * 60)
        screen.wait_for(lambda s: lines(s) == ["number49"])
        self.quit(screen)

    def test_killing_one_of_several_asks_and_leaves_the_others(self):
        screen = self.watch("sleep", "1000", "---", "sleep", "1001")
        screen.wait_for("2 running")
        screen.send("1K")
        screen.wait_for("by force")
        screen.send("y")
        screen.wait_for("1 killed")
        self.assertIn("1 running", header(screen))
        screen.send("q")
        screen.wait_for("1 execution is still running")
        screen.send("y")
        self.assertEqual(137, screen.finish())
        self.assert_no_process_is_left()


class MouseTests(MonitorCase):
    def open_two(self):
        screen = self.watch("seq", "1", "300", "---", "sh", "-c", "seq 1 200; seq 1 200 >&2")
        screen.wait_for(lambda s: "2 done" in header(s))
        return screen

    def test_a_click_in_the_list_selects(self):
        screen = self.open_two()
        row, column = screen.find("seq 1 300")
        screen.send(keys.click(row, column))
        screen.wait_for(lambda s: "300" in lines(s))
        row, column = screen.find("seq 1 200")
        screen.send(keys.click(row, column))
        screen.wait_for(lambda s: "200" in lines(s) and "300" not in lines(s))
        self.quit(screen)

    def test_the_wheel_scrolls_the_pane_under_it(self):
        screen = self.open_two()
        screen.send("2")
        screen.wait_for(lambda s: lines(s, "stderr")[-1:] == ["200"])
        found = pane(screen, "stderr")
        top = int(found.lines[0])
        screen.send(keys.wheel(found.top + 3, found.left + 5, up=True))
        screen.wait_for(lambda s: int(lines(s, "stderr")[0]) < top)
        self.assertEqual("200", lines(screen)[-1])
        screen.send(keys.wheel(found.top + 3, found.left + 5, up=False) * 3)
        screen.wait_for(lambda s: lines(s, "stderr")[-1] == "200")
        self.quit(screen)

    def test_a_click_focuses_a_pane_and_a_double_click_zooms(self):
        screen = self.open_two()
        screen.send("2")
        screen.wait_for(lambda s: lines(s, "stderr")[-1:] == ["200"])
        found = pane(screen, "stderr")
        screen.send(keys.click(found.top + 3, found.left + 5))
        screen.send("g")
        screen.wait_for(lambda s: lines(s, "stderr")[0] == "1")
        self.assertEqual("200", lines(screen)[-1])
        screen.send(keys.click(found.top + 4, found.left + 5) * 2)
        screen.wait_for(lambda s: pane(s) is None and pane(s, "stderr").width > 100)
        self.quit(screen)

    def test_buttons_and_menus_take_clicks(self):
        screen = self.watch("sleep", "1000")
        screen.wait_for("running")
        screen.send("q")
        screen.wait_for("[stay]")
        screen.send(keys.click(*screen.find("stay]")))
        screen.wait_while("still running")
        screen.send("q")
        screen.wait_for("[stay]")
        screen.send(keys.click(*screen.find("kill and quit")))
        self.assertEqual(143, screen.finish())

    def test_clicks_everywhere_break_nothing(self):
        screen = self.open_two()
        for row in range(0, 30, 2):
            for column in range(0, 120, 17):
                screen.send(keys.click(row, column) + keys.wheel(row, column, up=True) + keys.press(row, column, 2))
        screen.send(keys.press(5000, 5000) + "\x1b[<0;0;0M" + "\x1b[<0;-1;x")
        screen.send(keys.ESCAPE)
        screen.wait_for("boxwatch")
        screen.pump(0.2)
        screen.send("q")
        self.assertEqual(0, screen.finish())
