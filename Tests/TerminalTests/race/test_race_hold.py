"""A real command held by hand in the race lab: lost on the left, kept on the right."""

import pathlib
import signal

from support import ProgramCase, wait_until

REPORT = ("sh", "-c", "echo first-output && exit 0")


def half(screen, name):
    """The rows of the half with this name, without its border."""
    row, column = screen.find(f"┌ {name}")
    rows = screen.columns()
    right = rows[row].index("┐", column)
    found = []
    for line in rows[row + 1:]:
        if line[column] == "└":
            break
        found.append("".join(line[column + 1:right]).strip())
    return found


def left(screen, name="exit-first"):
    return half(screen, name)


def right(screen):
    return half(screen, "boxwatch (drain-ordered)")


def process(screen):
    """The number of the held process."""
    words = screen.lines()[1].split()
    return int(words[words.index("process") + 1])


def is_alive(pid):
    """Whether a process is there and no zombie."""
    try:
        return pathlib.Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


class RaceHoldTests(ProgramCase):
    def hold(self, *command, **options):
        screen = self.open_screen("race", "--hold", "--", *command, rows=24, columns=80, **options)
        screen.wait_for("what really happened")
        return screen

    def leave(self, screen):
        pid = process(screen)
        screen.send("q")
        self.assertEqual(0, screen.finish())
        self.assertFalse(is_alive(pid))
        self.assert_no_process_is_left()

    def test_an_exit_released_first_loses_the_last_line_on_the_left_only(self):
        screen = self.hold(*REPORT)
        screen.wait_for("exit 0, not reported yet")
        screen.wait_for("13 of 65,536 bytes, end waits")
        screen.wait_for("exited (zombie)")
        self.assertIn("reading, nothing so far", left(screen)[0])
        screen.send("3")
        screen.wait_for("✖ done, exit 0, 13 bytes lost")
        self.assertEqual("told ▲ Exit: exit 0", left(screen)[1])
        self.assertEqual("◐ held back: stdout and stderr open", right(screen)[0])
        self.assertEqual("told nothing", right(screen)[1])
        screen.send("1")
        screen.wait_for("held back: stderr open")
        screen.wait_for("lost ✖ first-output")
        screen.send("2")
        screen.wait_for("✔ done, exit 0, whole")
        self.assertIn("✖ done, exit 0, 13 bytes lost", left(screen)[0])
        self.assertEqual(["✔ done, exit 0, whole", "told ● stdout, 13 bytes", "▲ Exit: exit 0", "has  first-output"],
                         right(screen)[:4])
        screen.wait_for("exited (reaped)")
        self.leave(screen)

    def test_a_held_stdout_fills_the_pipe_and_blocks_the_command_in_write(self):
        screen = self.hold("seq", "1", "200000")
        screen.wait_for("65,536 of 65,536 bytes, full")
        screen.wait_for("blocked in write to stdout")
        pid = process(screen)
        # The kernel says the same: asleep, in the system call whose first argument is standard output.
        call = pathlib.Path(f"/proc/{pid}/syscall").read_text(encoding="utf-8").split()
        self.assertEqual("0x1", call[1])
        self.assertIn("the process has not exited", screen.text())
        screen.send("1")
        screen.wait_for("1,288,895 bytes read, then the end")
        screen.wait_for("exit 0, not reported yet")
        screen.send("23")
        screen.wait_for(lambda now: "done, exit 0, whole" in right(now)[0])
        self.assertIn("200000", " ".join(right(screen)))
        self.leave(screen)

    def test_leaving_with_everything_held_kills_the_whole_group(self):
        script = "sleep 1000 & echo $! >child; seq 1 200000"
        screen = self.hold("sh", "-c", script)
        screen.wait_for("blocked in write to stdout")
        child = int(wait_until((self.scratch.work / "child").read_text, "the child's number"))
        self.assertTrue(is_alive(child))
        self.leave(screen)
        wait_until(lambda: not is_alive(child), "the end of the child")

    def test_a_signal_that_ends_the_lab_ends_the_command_too(self):
        screen = self.hold("sleep", "1000")
        pid = process(screen)
        screen.signal(signal.SIGTERM)
        self.assertEqual(128 + signal.SIGTERM, screen.finish())
        self.assertFalse(is_alive(pid))
        self.assert_no_process_is_left()

    def test_again_and_another_command_replace_the_one_before(self):
        screen = self.hold("sleep", "1000")
        first = process(screen)
        screen.send("r")
        screen.wait_for(lambda now: process(now) != first)
        self.assertFalse(is_alive(first))
        screen.send("n")
        screen.wait_for("hold a real command")
        screen.send("\x15echo hello\r")
        screen.wait_for("6 of 65,536 bytes, end waits")
        self.leave(screen)

    def test_the_page_is_reached_from_the_steps_and_asks_for_a_command(self):
        screen = self.open_screen("race", rows=24, columns=80)
        screen.wait_for("schedule o1e1:")
        screen.send("h")
        screen.wait_for("$ sh -c 'echo first-output && exit 0'")
        screen.send("\t")
        screen.wait_for("$ seq 1 200000")
        screen.send("\r")
        screen.wait_for("65,536 of 65,536 bytes, full")
        screen.send("h")
        screen.wait_for("schedule o1e1:")
        screen.send("q")
        self.assertEqual(0, screen.finish())
        self.assert_no_process_is_left()

    def test_a_command_that_cannot_start_is_reported_in_the_prompt(self):
        screen = self.open_screen("race", "--hold", "--", "no-such-command", rows=24, columns=80)
        screen.wait_for("no-such-command")
        screen.wait_for("in any directory of PATH")
        screen.send("\x1b")
        screen.wait_while("next example")
        screen.send("q")
        self.assertEqual(0, screen.finish())

    def test_another_dispatcher_at_the_left(self):
        screen = self.hold(*REPORT)
        screen.send("[")
        screen.wait_for("┌ exit-gated")
        screen.wait_for("exit 0, not reported yet")
        screen.send("3")
        screen.wait_for(lambda now: "done, exit 0, 13 bytes lost" in left(now, "exit-gated")[0])
        self.assertIn("Wait 1: exit 0", " ".join(left(screen, "exit-gated")))
        self.leave(screen)

    def test_wrong_use(self):
        self.assert_wrong_use("race", "--", "true", words="--hold")
        self.assert_wrong_use("race", "--hold", "--dispatcher", "until-empty", words="drain-ordered")
