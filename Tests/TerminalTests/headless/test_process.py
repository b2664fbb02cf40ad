"""The environment, working directory and name of a command, and what of boxwatch's own it does not inherit."""

import os
import subprocess
import sys
import time

from support import ProgramCase, burners, wait_until

#: Traces a process (PTRACE_SEIZE), says so, and never waits for it, as a debugger that is stopped.
TRACER = """import ctypes, sys
trace = ctypes.CDLL(None).ptrace
trace.argtypes = [ctypes.c_long] * 4
print(trace(0x4206, int(sys.argv[1]), 0, 0), flush=True)
sys.stdin.read()
"""


class ProcessTests(ProgramCase):
    def test_variables_are_set_and_the_last_one_wins(self):
        result = self.run_script('echo "$A|$B"', "--env", "A=one", "-e", "B=x=y z", "--env", "A=two")
        self.assert_ended(result, 0, b"two|x=y z\n")

    def test_a_variable_may_be_empty(self):
        self.assert_ended(self.run_script('echo "[${A-unset}]"', "--env", "A="), 0, b"[]\n")

    def test_our_environment_is_inherited(self):
        self.assert_ended(self.run_script("echo $INHERITED", environment={"INHERITED": "yes"}), 0, b"yes\n")

    def test_a_variable_of_ours_can_be_replaced(self):
        result = self.run_script("echo $INHERITED", "--env", "INHERITED=new", environment={"INHERITED": "old"})
        self.assert_ended(result, 0, b"new\n")

    def test_the_path_that_is_given_finds_the_command(self):
        tool = self.scratch.write("bin/own-tool", "#!/bin/sh\necho found\n", mode=0o755)
        result = self.run_command("own-tool", options=["--env", f"PATH={tool.parent}:/bin:/usr/bin"])
        self.assert_ended(result, 0, b"found\n")

    def test_the_command_runs_in_our_directory(self):
        self.assert_ended(self.run_command("pwd"), 0, f"{self.scratch.work}\n".encode())

    def test_the_command_runs_in_the_directory_that_is_given(self):
        self.assert_ended(self.run_command("pwd", options=["--workdir", "/usr"]), 0, b"/usr\n")

    def test_a_relative_command_is_looked_for_in_the_working_directory(self):
        tool = self.scratch.write("sub/tool", "#!/bin/sh\necho relative\n", mode=0o755)
        self.assert_ended(self.run_command("./tool", options=["--workdir", tool.parent]), 0, b"relative\n")

    def test_arguments_arrive_as_they_were_written(self):
        words = ["a b", "", "*", "$HOME", "'", '"', "\\", "-x", "--", "ä🙂", "line\nbreak"]
        result = self.run_command("printf", "[%s]", *words)
        self.assert_ended(result, 0, "".join(f"[{word}]" for word in words).encode())

    def test_a_name_is_shown_in_place_of_the_command(self):
        result = self.run_command("true", options=["--name", "my job", "--json"])
        self.assertEqual("my job", result.events[0]["name"])

    def test_a_terminal_is_given_when_asked_for(self):
        script = "test -t 0 && test -t 1 && test -t 2 && test -w /dev/tty && stty size"
        self.assert_ended(self.run_script(script, "--tty"), 0, b"24 80\r\n")

    def test_fifty_short_commands_with_terminals_lose_nothing(self):
        command = ["sh", "-c", "echo X && exit 0"]
        for _ in range(49):
            command += ["---", "sh", "-c", "echo X && exit 0"]
        with burners():
            result = self.run_command(*command, options=["--tty"], deadline=60)
        self.assertEqual((0, 50), (result.status, result.stdout.count(b" | X\r\n")), result.text)

    def test_megabytes_through_a_terminal_arrive_whole(self):
        content = self.scratch.write("content", b"".join(b"line %d\n" % number for number in range(300_000)))
        result = self.run_command("cat", content, options=["--tty"], deadline=60)
        self.assertEqual(0, result.status)
        self.assertTrue(result.stdout == content.read_bytes().replace(b"\n", b"\r\n"), len(result.stdout))

    def test_a_terminal_merges_stderr_into_stdout(self):
        self.assert_ended(self.run_script("echo out; echo err >&2", "--tty"), 0, b"out\r\nerr\r\n", b"")

    def test_a_debugger_that_does_not_take_the_end_of_a_command_is_waited_for_without_work(self):
        run = self.start("run", "--headless", "--", "sh", "-c", "echo $$; read word; exit 3")
        run.wait_for_lines(1)
        command = run.taken().strip().decode()
        with subprocess.Popen([sys.executable, "-c", TRACER, command], stdin=subprocess.PIPE,
                              stdout=subprocess.PIPE) as tracer:
            if tracer.stdout.readline() != b"0\n":
                tracer.stdin.close()
                self.skipTest("no process may be traced here")
            run.write(b"word\n")
            run.close_input()
            wait_until(lambda: self._stat(command)[0] == "Z", "the command's end")
            before = self._processor_time(run.pid)
            time.sleep(1)
            took = self._processor_time(run.pid) - before
            self.assertIsNone(run.process.poll())
            tracer.stdin.close()
        self.assertEqual(3, run.finish().status)
        self.assertLess(took, 0.2, "seconds of processor time in a second of waiting")

    @staticmethod
    def _stat(pid):
        """The fields of proc_pid_stat(5) from the state on."""
        with open(f"/proc/{pid}/stat", encoding="utf-8") as file:
            return file.read().rpartition(")")[2].split()

    def _processor_time(self, pid):
        return sum(map(int, self._stat(pid)[11:13])) / os.sysconf("SC_CLK_TCK")

    def test_a_command_without_a_terminal_cannot_reach_ours(self):
        self.assert_ended(self.run_script("(: </dev/tty) 2>/dev/null && echo reached; exit 0"), 0, b"")

    def test_commands_without_a_free_descriptor_wait_for_others_to_end(self):
        command = ["true"]
        for _ in range(59):
            command += ["---", "true"]
        # The limit lets some of them start.
        result = self.start("-c", 'ulimit -n 48; exec "$@"', "sh", self.program, "run", "--headless", "--", *command,
                            program="/bin/sh").finish(b"")
        self.assertEqual(0, result.status, result.text)
        self.assert_no_process_is_left()

    def test_a_big_number_of_short_commands_leaves_nothing_behind(self):
        command = ["sh", "-c", "echo x"]
        for _ in range(199):
            command += ["---", "sh", "-c", "echo x"]
        result = self.run_command(*command, deadline=60)
        self.assertEqual((0, 200), (result.status, len(result.stdout.splitlines())))
        self.assert_no_process_is_left()

    def test_keys_of_ours_are_not_the_commands(self):
        keys = {name: "secret" for name in ("BOXLITE_API_KEY", "BOXWATCH_API_KEY", "BOXWATCH_UPSTREAM_KEY")}
        result = self.run_command("env", environment={**keys, "OTHER": "seen"})
        self.assertEqual(0, result.status, result.text)
        self.assertIn(b"OTHER=seen", result.stdout)
        self.assertNotIn(b"secret", result.stdout)
