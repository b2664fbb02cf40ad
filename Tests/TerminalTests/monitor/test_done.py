"""P1 and P4 on the screen: nothing is called done before its last line is there."""

from support import MonitorCase, burners
from support.monitor import header, is_over, lines


def watch_for_lies(screen, last):
    """Collects every frame in which the execution has ended and its last line is not shown."""
    lies = []

    def look(now):
        if is_over(now) and last not in now.text():
            lies.append(now.text())
    screen.watchers.append(look)
    return lies


class DoneTests(MonitorCase):
    def test_no_frame_says_done_without_the_last_line(self):
        screen = self.watch_script("i=0; while [ $i -lt 3000 ]; do echo line $i; i=$((i+1)); done; echo LAST")
        lies = watch_for_lies(screen, "LAST")
        screen.wait_for(is_over)
        self.assertEqual([], lies)
        self.quit(screen)

    def test_no_frame_says_done_without_the_last_line_in_a_flood_under_load(self):
        with burners():
            screen = self.watch_script("seq 1 400000; echo LAST; exit 0")
            lies = watch_for_lies(screen, "LAST")
            screen.wait_for(is_over, deadline=60)
        self.assertEqual([], lies)
        self.assertEqual("LAST", lines(screen)[-1])
        self.quit(screen)

    def test_a_short_command_shows_its_line_every_time(self):
        with burners():
            for number in range(15):
                screen = self.watch_script("echo LAST && exit 0")
                lies = watch_for_lies(screen, "LAST")
                screen.wait_for(is_over)
                self.assertEqual(([], ["LAST"]), (lies, lines(screen)), f"run {number}")
                self.quit(screen)

    def test_each_end_has_a_word_and_its_status(self):
        for script, word, words, status in (
                ("exit 0", "✔ done", "exit 0", 0), ("exit 3", "✖ failed", "exit 3", 3),
                ("kill -TERM $$", "signalled", "SIGTERM", 143)):
            with self.subTest(script=script):
                screen = self.watch_script(script)
                screen.wait_for(is_over)
                screen.wait_for(word)
                screen.wait_for(words)
                self.quit(screen, status)

    def test_a_time_limit_is_shown(self):
        screen = self.watch("sleep", "1000", options=["--timeout", "300ms"])
        screen.wait_for("timed out")
        self.assert_quits_after_the_end(screen, 124)

    def test_a_command_that_cannot_start_says_why(self):
        screen = self.watch("no-such-command")
        screen.wait_for("not found")
        screen.wait_for("PATH")
        self.assert_quits_after_the_end(screen, 127)


class DrainingTests(MonitorCase):
    def hold(self, *options):
        """A command that has ended, and a grandchild that holds stdout."""
        screen = self.watch_script("sleep 1234 2>/dev/null & echo hi; exit 4", *options)
        screen.wait_for("draining")
        return screen

    def test_draining_names_the_holder_its_command_and_the_status(self):
        screen = self.hold()
        screen.wait_for("sleep 1234")
        self.assertIn("1 draining", header(screen))
        self.assertIn("exit 4", screen.text())
        holder = [pid for pid in self.scratch.processes() if command(pid).startswith("sleep")]
        screen.wait_for(f"held by {holder[0]}")
        self.assertNotIn("done", screen.text().replace("not done", ""))
        screen.send("q")
        screen.wait_for("kill and quit")
        screen.send("y")
        self.assertEqual(4, screen.finish())

    def test_releasing_ends_it_as_truncated(self):
        screen = self.hold()
        screen.send("D")
        screen.wait_for("stdout truncated")
        self.assertEqual(["hi"], lines(screen))
        self.assert_quits_after_the_end(screen, 4)

    def test_the_end_of_the_holder_ends_the_draining(self):
        gate = self.scratch.fifo()
        screen = self.watch_script(f"(cat {gate}; echo LATE) & echo hi; exit 0")
        screen.wait_for("draining")
        lies = watch_for_lies(screen, "LATE")
        gate.write_bytes(b"")
        screen.wait_for(is_over)
        self.assertEqual(([], ["hi", "LATE"]), (lies, lines(screen)))
        self.quit(screen)

    def test_a_drain_policy_ends_it_and_says_what_was_cut(self):
        screen = self.hold("--drain", "idle=200ms,max=2s")
        screen.wait_for("stdout truncated")
        self.assert_quits_after_the_end(screen, 4)

    def test_killing_reaches_the_holder(self):
        screen = self.hold()
        screen.send("K")
        screen.wait_for(is_over)
        self.quit(screen, 4)
        self.assert_no_process_is_left()

    def test_quitting_by_kill_ends_the_holder_too(self):
        screen = self.hold()
        screen.send("q")
        screen.wait_for("kill and quit")
        screen.send("y")
        self.assertEqual(4, screen.finish())
        self.assert_no_process_is_left()


def command(pid):
    """A process's command line."""
    with open(f"/proc/{pid}/cmdline", "rb") as file:
        return file.read().replace(b"\0", b" ").decode().strip()
