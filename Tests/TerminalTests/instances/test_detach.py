"""boxwatch run --detach: commands that keep running without a terminal, a parent or a watcher."""

import json
import os
import pathlib
import signal

from support import InstanceCase, wait_until


class DetachTests(InstanceCase):
    def test_it_prints_an_identifier_and_ends_while_the_command_runs(self):
        identifier, gate = self.gated("echo begun")
        self.assertEqual("running", self.listed(identifier)["state"])
        self.assertEqual("detached", self.listed(identifier)["where"])
        gate.write_text("end\n")
        self.assert_ended(self.run_program("wait", identifier), 0, b"")
        self.assert_ended(self.run_program("logs", identifier), 0, b"begun\nend\n")

    def test_several_commands_have_an_identifier_each_in_their_order(self):
        result = self.run_program("run", "-d", "--", "echo", "one", "---", "echo", "two", "---", "sh", "-c", "exit 3")
        self.assertEqual(0, result.status, result.text)
        first, second, third = result.stdout.decode().split()
        self.assert_ended(self.run_program("wait", first, second, third), 3, b"")
        self.assert_ended(self.run_program("logs", first), 0, b"one\n")
        self.assert_ended(self.run_program("logs", second), 0, b"two\n")

    def test_a_command_that_cannot_start_is_reported_with_its_status(self):
        result = self.run_program("run", "--detach", "--", "true", "---", "no-such-command")
        self.assertEqual(127, result.status)
        self.assertIn("no-such-command", result.text)
        self.assertEqual(1, len(result.text.splitlines()))
        self.assertEqual(2, len(result.stdout.split()))
        plain = self.scratch.write("plain", "not executable", mode=0o644)
        self.assertEqual(126, self.run_program("run", "--detach", "--", plain).status)

    def test_nothing_runs_when_the_box_is_unknown(self):
        self.assert_failure("run", "--detach", "--box", "nowhere", "--", "touch", "started", words="nowhere")
        self.assertFalse((self.scratch.work / "started").exists())
        self.assertEqual([], self.scratch.journals())
        self.assert_no_process_is_left()

    def test_output_options_are_left_to_logs(self):
        self.assert_wrong_use("run", "--detach", "--json", "--", "true", words="boxwatch logs")

    def test_the_folder_and_the_environment_are_kept(self):
        folder = self.scratch.work / "inner"
        folder.mkdir()
        identifier = self.detach_script("pwd; echo $MARKER", cwd=folder, environment={"MARKER": "kept"})
        self.run_program("wait", identifier)
        self.assert_ended(self.run_program("logs", identifier), 0, f"{folder}\nkept\n".encode())

    def test_the_command_reads_end_of_file_unless_a_pipe_is_asked_for(self):
        self.assert_ended(self.run_program("wait", self.detach("cat")), 0)
        identifier = self.detach("cat", options=["--stdin", "pipe"])
        self.assertEqual("running", self.listed(identifier)["state"])

    def test_the_command_is_in_no_argument_of_the_background_process(self):
        identifier, _ = self.gated("echo secret-word", options=["--env", "KEY=secret-word"])
        words = pathlib.Path(f"/proc/{self.owner(identifier)}/cmdline").read_bytes()
        self.assertNotIn(b"secret-word", words)

    def test_the_background_process_holds_nothing_of_its_parent(self):
        identifier, _ = self.gated()
        pid = self.owner(identifier)
        for stream in range(3):
            self.assertEqual("/dev/null", os.readlink(f"/proc/{pid}/fd/{stream}"))
        self.assertEqual(pid, os.getsid(pid))

    def test_a_hang_up_leaves_it_alone(self):
        identifier, gate = self.gated("echo begun")
        os.kill(self.owner(identifier), signal.SIGHUP)
        gate.write_text("")
        self.assert_ended(self.run_program("wait", identifier), 0)

    def test_asked_to_end_it_ends_its_commands(self):
        identifier, _ = self.gated()
        os.kill(self.owner(identifier), signal.SIGTERM)
        self.assert_ended(self.run_program("wait", identifier), 128 + signal.SIGTERM)
        self.assert_no_process_is_left()

    def test_it_ends_with_its_commands_and_takes_its_socket_along(self):
        identifier, gate = self.gated()
        socket = self.wait_for_socket(self.owner(identifier))
        gate.write_text("")
        self.assert_no_process_is_left()
        self.assertFalse(socket.exists())

    def test_every_option_of_run_reaches_the_command(self):
        identifier = self.detach("sleep", "1000", options=["--timeout", "200ms", "--name", "sleeper"])
        self.assert_ended(self.run_program("wait", "sleeper"), 124)
        self.assertEqual("sleeper", self.listed(identifier)["name"])

    def test_a_file_of_commands_can_be_detached(self):
        path = self.scratch.write("execs.yaml", "a: echo one\nb: echo two\n")
        result = self.run_program("run", "--detach", "--file", path)
        self.assertEqual(2, len(result.stdout.split()), result.text)
        self.run_program("wait", "a", "b")
        self.assert_ended(self.run_program("logs", "b"), 0, b"two\n")

    def test_a_flood_is_kept_whole_though_nobody_watches(self):
        identifier = self.detach_script("seq 1 200000; seq 1 200000 >&2")
        self.assert_ended(self.run_program("wait", identifier), 0)
        wanted = "".join(f"{number}\n" for number in range(1, 200001)).encode()
        result = self.run_program("logs", identifier)
        self.assertEqual((wanted, wanted), (result.stdout, result.stderr))

    def test_a_thousand_arguments_with_any_character_arrive(self):
        words = ["ä b", "", "'", '"', "\\", "\n", "\t", "日本"] + [str(number) for number in range(1000)]
        identifier = self.detach("printf", "%s|", *words)
        self.run_program("wait", identifier)
        self.assert_ended(self.run_program("logs", identifier), 0, ("|".join(words) + "|").encode())

    def test_whoever_is_gone_before_the_answer_leaves_nothing_running(self):
        # Requested by hand, as `run --detach` does, and the reply is not read.
        sandbox = {"binds": [], "hasNetwork": False, "limits": {}}
        request = {"box": "local", "spec": self._spec("sleep", "1000"), "sandbox": sandbox}
        order = json.dumps({"requests": [request]})
        read, write = os.pipe()
        os.close(read)
        host = self.start("background", stdout=write)
        os.close(write)
        self.assertEqual(125, host.finish(order.encode()).status)
        self.assert_no_process_is_left()
        (listed,) = self.list("--all")[:1]
        self.assertEqual(["sleep", "1000"], listed["command"])

    def test_an_order_that_is_none_is_answered(self):
        for order in (b"", b"{", b"[]", b'{"requests": 5}', os.urandom(100)):
            result = self.run_program("background", data=order)
            self.assertEqual(125, result.status)
            self.assertIn("failure", json.loads(result.stdout))

    def _spec(self, *command):
        """A spec as a journal has it, for another command."""
        self.run_command("true", options=["--stdin", "closed"])
        spec = json.loads((self.scratch.journal() / "spec.json").read_text())["spec"]
        return spec | {"command": list(command)}
