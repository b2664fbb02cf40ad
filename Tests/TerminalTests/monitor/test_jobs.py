"""A list that is longer than what may run at the same time."""

from support import MonitorCase
from support.cost import Cost
from support.monitor import header, lines


class JobsTests(MonitorCase):
    def open_list(self, *scripts, jobs):
        path = self.scratch.write("execs.yaml", "".join(f"- [sh, -c, {script!r}]\n" for script in scripts))
        return self.open_screen("run", "--jobs", str(jobs), "--file", path)

    def test_queued_commands_are_listed_and_start_in_order(self):
        gate = self.scratch.fifo()
        screen = self.open_list(f"read x < {gate}", "echo second", "echo third", jobs=1)
        screen.wait_for(lambda s: "3 execs: 2 waiting, 1 running" in header(s))
        gate.write_text("go\n")
        screen.wait_for(lambda s: "3 execs: 3 done" in header(s))
        screen.send("3")
        screen.wait_for(lambda s: lines(s) == ["third"])
        self.quit(screen)

    def test_a_queued_command_can_be_started_or_removed(self):
        gate = self.scratch.fifo()
        screen = self.open_list(f"read x < {gate}", "echo second", "echo third", "echo fourth", jobs=1)
        screen.wait_for(lambda s: "4 execs: 3 waiting, 1 running" in header(s))
        screen.send("3s")
        screen.wait_for(lambda s: lines(s) == ["third"] and "1 done" in header(s))
        screen.send("4K")
        screen.wait_for(lambda s: "1 cancelled" in header(s))
        self.assertEqual(2, len(self.scratch.journals()))
        gate.write_text("go\n")
        screen.wait_for(lambda s: "4 execs: 3 done, 1 cancelled" in header(s))
        self.quit(screen)

    def test_quitting_says_how_many_were_not_started(self):
        screen = self.open_list("exec sleep 1000", *["echo never"] * 499, jobs=1)
        screen.wait_for(lambda s: "500 execs: 499 waiting, 1 running" in header(s))
        screen.send("q")
        screen.wait_for("499 more wait for a turn, and will not be started.")
        screen.send("y")
        self.assertNotEqual(0, screen.finish())
        self.assertIn("499 commands were not started", screen.left().decode())
        self.assertEqual(1, len(self.scratch.journals()))

    def test_a_finished_command_of_a_long_list_costs_no_descriptor(self):
        screen = self.open_list(*[f"echo {number}" for number in range(600)], "exec sleep 1000", jobs=64)
        screen.wait_for(lambda s: "601 execs: 1 running, 600 done" in header(s), deadline=60)
        screen.wait_for(lambda s: Cost(s.pid).descriptors <= 64)
        self.assertLessEqual(Cost(screen.pid).own_memory, 64 << 20)
        screen.send("q")
        screen.wait_for("1 execution is still running.")
        screen.send("y")
        screen.finish()
