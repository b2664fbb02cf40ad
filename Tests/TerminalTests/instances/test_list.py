"""boxwatch ls: what runs and what ran, on this machine."""

import os
import pty
import signal
import subprocess

from support import InstanceCase, wait_until


class ListTests(InstanceCase):
    def table(self, *options, **more):
        result = self.run_program("ls", *options, **more)
        self.assertEqual(0, result.status, result.text)
        return result.stdout.decode().splitlines()

    def test_an_empty_list_is_a_head_alone(self):
        self.assertEqual(["ID", "STATE", "AGE", "TOOK", "BOX", "WHERE", "COMMAND"], self.table()[0].split())
        self.assertEqual(1, len(self.table()))
        self.assertEqual([], self.list())

    def test_running_executions_come_first_and_newer_before_older(self):
        first, _ = self.gated(name="one")
        self.run_command("echo", "past")
        second, _ = self.gated(name="two")
        listed = self.list()
        self.assertEqual([second, first], [entry["id"] for entry in listed][:2])
        self.assertEqual(["running", "running", "done"], [entry["state"] for entry in listed])

    def test_every_end_has_its_words(self):
        for command in ("exit 0", "exit 3", "kill -9 $$", "exec /no/such"):
            self.run_script(command)
        self.run_command("no-such-command")
        self.run_script("sleep 60", "--timeout", "100ms")
        words = [(entry["status"], entry["code"]) for entry in reversed(self.list())]
        self.assertEqual([("exit 0", 0), ("exit 3", 3), ("SIGKILL", 137)], words[:3])
        self.assertEqual([("not found", 127), ("timed out", 124)], words[4:])

    def test_a_draining_and_a_truncated_execution_are_marked(self):
        script = "sleep 60 & echo done; exit 5"
        draining = self.detach_script(script)
        self.wait_for_state(draining, "draining")
        self.assertEqual("exit 5", self.listed(draining)["status"])
        cut = self.detach_script(script, "--drain", "empty")
        self.assertEqual(5, self.run_program("wait", cut).status)
        self.assertFalse(self.listed(cut)["complete"])
        self.assertTrue(any("exit 5 !" in line for line in self.table()))

    def test_programs_get_everything(self):
        identifier, gate = self.gated("printf 12345; printf 123 >&2", options=["--name", "näme"])
        wait_until(lambda: self.listed(identifier)["stderr_bytes"] == 3, "the output")
        entry = self.listed(identifier)
        self.assertEqual(("näme", "local", "running", None, None, 5, None),
                         tuple(entry[key] for key in ("name", "box", "state", "status", "code", "stdout_bytes",
                                                      "complete")))
        self.assertEqual("sh", entry["command"][0])
        self.assertEqual(str(self.scratch.journal()), entry["journal"])
        gate.write_text("")
        self.run_program("wait", identifier)
        entry = self.listed(identifier)
        self.assertEqual(("done", "exit 0", 0, True, "journal", None),
                         tuple(entry[key] for key in ("state", "status", "code", "complete", "where", "pid")))
        self.assertGreater(entry["seconds"], 0)

    def test_no_line_is_wider_than_eighty_columns_and_no_control_is_printed(self):
        self.run_command("echo", "x" * 500, "\x1b[31mred\x07\n\u202e" + "日本" * 50)
        self.run_script("true", "--name", "\x1b]0;title\x07" + "n" * 200)
        for line in self.table():
            self.assertLessEqual(len(line), 80, line)
            self.assertTrue(line.isprintable(), ascii(line))
        wide = self.table(environment={"COLUMNS": "300"})
        self.assertGreater(max(map(len, wide)), 200)

    def test_colours_are_for_terminals(self):
        self.run_script("exit 3")
        self.assertNotIn("\x1b", "".join(self.table()))
        self.assertIn(b"\x1b[31m", self.in_a_terminal("ls"))
        self.assertNotIn(b"\x1b", self.in_a_terminal("ls", NO_COLOR="1"))

    def in_a_terminal(self, *arguments, **environment):
        """What the program writes to a terminal, without a screen."""
        master, slave = pty.openpty()
        try:
            subprocess.run([self.program, *arguments], stdin=subprocess.DEVNULL, stdout=slave, check=True, timeout=30,
                           env=self.scratch.environment(**environment))
            return os.read(master, 1 << 16)
        finally:
            os.close(master)
            os.close(slave)

    def test_only_the_newest_ended_executions_are_listed_without_all(self):
        self.run_program("run", "--headless", "--", *["true", "---"] * 24, "true")
        self.assertEqual(20, len(self.list()))
        self.assertEqual(25, len(self.list("--all")))
        result = self.run_program("ls")
        self.assertEqual(21, len(result.stdout.splitlines()))
        self.assertIn("5 older ones", result.text)

    def test_a_run_without_a_screen_is_listed_with_its_process(self):
        running = self.start("run", "--headless", "--", "sh", "-c", "echo up; exec sleep 1000")
        running.wait_for(b"up\n")
        self.wait_for_socket(running.pid)
        (entry,) = self.list()
        self.assertEqual(("run", running.pid), (entry["where"], entry["pid"]))

    def test_a_boxwatch_that_is_stopped_delays_the_list_by_a_moment_only(self):
        identifier, gate = self.gated()
        owner = self.owner(identifier)
        os.kill(owner, signal.SIGSTOP)
        try:
            result = self.run_program("ls", "--json", deadline=15)
            self.assertEqual(("unknown", owner), (result.events[0]["where"], result.events[0]["pid"]))
            self.assertIn(f"pid {owner}", "".join(self.table()))
        finally:
            os.kill(owner, signal.SIGCONT)
        gate.write_text("")
        self.assert_ended(self.run_program("wait", identifier), 0)

    def test_other_files_are_ignored_and_a_broken_journal_is_named(self):
        self.run_command("true")
        (self.scratch.executions / "notes.txt").write_text("mine")
        (self.scratch.executions / "20200101-000000-000000-aaaaa-1").mkdir()
        self.assertEqual(1, len(self.list()))
        broken = self.scratch.executions / "20200101-000000-000000-aaaaa-2"
        broken.mkdir()
        (broken / "events").write_bytes(b"rubbish")
        (broken / "spec.json").write_bytes(b"rubbish")
        result = self.run_program("ls", "--json")
        self.assertEqual((0, 1), (result.status, len(result.events)))
        self.assertRegex(result.stderr.decode(), rf"^boxwatch: cannot read the journal {broken}/events: .*too short.*\n$")

    def test_a_reader_that_goes_away_is_no_failure(self):
        self.run_command("true")
        read, write = os.pipe()
        os.close(read)
        self.assertIn(self.run_program("ls", stdout=write).status, (0, -signal.SIGPIPE))
        os.close(write)
