"""boxwatch wait and boxwatch kill."""

import os
import signal

from support import InstanceCase, wait_until


class WaitTests(InstanceCase):
    def test_it_ends_as_the_command_did(self):
        for script, status in (("exit 0", 0), ("exit 42", 42), ("kill -15 $$", 143)):
            self.assert_ended(self.run_program("wait", self.detach_script(script)), status, b"")

    def test_it_sleeps_until_the_end(self):
        identifier, gate = self.gated()
        waiting = self.start("wait", identifier)
        wait_until(lambda: self._sleeps(waiting.pid), "wait to sleep")
        gate.write_text("")
        self.assert_ended(waiting.finish(), 0, b"")

    @staticmethod
    def _sleeps(pid):
        """Whether it watches the journal: an inotify descriptor with a watch."""
        folder = f"/proc/{pid}/fdinfo"
        for name in os.listdir(folder):
            try:
                with open(f"{folder}/{name}", encoding="ascii") as file:
                    if "inotify wd" in file.read():
                        return True
            except FileNotFoundError:
                pass  # It was closed since.
        return False

    def test_of_several_the_first_status_that_is_not_zero_counts(self):
        identifiers = [self.detach_script(f"exit {code}") for code in (0, 5, 6)]
        self.assert_ended(self.run_program("wait", *identifiers), 5, b"")

    def test_an_execution_without_an_end_is_125(self):
        identifier, _ = self.gated()
        waiting = self.start("wait", identifier)
        wait_until(lambda: self._sleeps(waiting.pid), "wait to sleep")
        os.kill(self.owner(identifier), signal.SIGKILL)
        result = waiting.finish()
        self.assertEqual(125, result.status)
        self.assertIn("was interrupted", result.text)
        self.assertEqual(1, len(result.text.splitlines()))

    def test_all_must_exist_before_any_is_waited_for(self):
        identifier, _ = self.gated()
        self.assert_failure("wait", identifier, "nothing", words="nothing")


class KillTests(InstanceCase):
    def test_it_ends_the_whole_group(self):
        identifier = self.detach_script("sleep 1000 & sleep 1000 & echo up; wait")
        self.assert_ended(self.run_program("kill", identifier), 0, b"")
        self.assert_ended(self.run_program("wait", identifier), 137)
        self.assert_no_process_is_left()

    def test_a_signal_reaches_the_command_by_name_or_number(self):
        for text in ("USR1", "SIGUSR1", "10", "usr1"):
            identifier = self.detach_script("trap 'echo got; exit 9' USR1; echo up; while :; do sleep 0.01; done")
            wait_until(lambda: self.listed(identifier)["stdout_bytes"], "the trap")
            self.assert_ended(self.run_program("kill", "--signal", text, identifier), 0, b"")
            self.assert_ended(self.run_program("wait", identifier), 9)

    def test_a_draining_execution_gives_up_its_held_streams(self):
        identifier = self.detach_script("sleep 1000 & echo hi; exit 4")
        self.wait_for_state(identifier, "draining")
        self.assert_ended(self.run_program("kill", identifier), 0, b"")
        self.assert_ended(self.run_program("wait", identifier), 4)
        self.assert_no_process_is_left()

    def test_a_run_without_a_screen_can_be_controlled_from_its_start(self):
        running = self.start("run", "--headless", "--", "sh", "-c", "echo up; exec sleep 1000")
        running.wait_for(b"up\n")
        self.assert_ended(self.run_program("kill", "-s", "TERM", self.scratch.journal().name), 0, b"")
        self.assertEqual(143, running.finish().status)

    def test_an_ended_or_unknown_execution_is_one_clear_line(self):
        done = self.detach_script("exit 3")
        self.run_program("wait", done)
        self.assert_failure("kill", done, words=[done, "has ended (exit 3)"])
        self.assert_failure("kill", "--signal", "INT", done, words="has ended")
        self.assert_failure("kill", "nothing", words="nothing")

    def test_a_command_that_outlived_its_boxwatch_is_named_and_reached(self):
        dead = self.detach_script("sleep 1000 & echo up; wait")
        wait_until(lambda: self.listed(dead)["stdout_bytes"], "the command")
        self.assertIsNone(self.listed(dead)["command_pid"])
        os.kill(self.owner(dead), signal.SIGKILL)
        self.wait_for_state(dead, "interrupted")
        command = self.listed(dead)["command_pid"]
        self.assertEqual(command, os.getpgid(command))
        self.assertIn(f"command {command}", self.run_program("ls").stdout.decode())
        for words in (["wait", dead], ["logs", dead], ["attach", dead]):
            self.assert_failure(*words, words=[dead, "was interrupted", f"process {command}", f"boxwatch kill {dead}"])
        self.assert_ended(self.run_program("kill", dead), 0, b"")
        self.assert_no_process_is_left()
        wait_until(lambda: self.listed(dead)["command_pid"] is None, "the command to be gone")
        self.assert_failure("kill", dead, words=[dead, "was interrupted"])

    def test_a_signal_reaches_a_command_that_outlived_its_boxwatch(self):
        dead = self.detach_script("trap 'exit 0' USR1; echo up; while :; do sleep 0.01; done >/dev/null 2>&1")
        wait_until(lambda: self.listed(dead)["stdout_bytes"], "the trap")
        os.kill(self.owner(dead), signal.SIGKILL)
        self.wait_for_state(dead, "interrupted")
        self.assert_ended(self.run_program("kill", "-s", "USR1", dead), 0, b"")
        wait_until(lambda: self.listed(dead)["command_pid"] is None, "the command to be gone")
        self.assert_no_process_is_left()

    def test_an_unreachable_execution_does_not_keep_the_others_alive(self):
        done = self.detach("true")
        self.run_program("wait", done)
        identifier, _ = self.gated()
        self.assert_failure("kill", done, identifier, words=done)
        self.assert_ended(self.run_program("wait", identifier), 137)

    def test_a_stopped_owner_is_reported_and_obeys_a_repeated_command(self):
        identifier, _ = self.gated("sleep 1000 &")
        owner = self.owner(identifier)
        self.wait_for_socket(owner)
        os.kill(owner, signal.SIGSTOP)
        self.assert_failure("kill", identifier, status=124,
                            words=[identifier, f"process {owner} was asked", "is stopped", f"kill -CONT {owner}"])
        self.assertEqual("running", self.listed(identifier)["state"])
        os.kill(owner, signal.SIGCONT)
        # Nothing says any more where the first order came from.
        self.assertEqual("running", self.listed(identifier)["state"])
        self.assert_ended(self.run_program("kill", identifier), 0)
        self.assert_ended(self.run_program("wait", identifier), 137, b"")
        self.assert_no_process_is_left()

    def test_a_bad_signal_is_a_usage_error(self):
        for text in ("BLA", "0", "65", "-1", ""):
            with self.subTest(text=text):
                result = self.run_program("kill", f"--signal={text}", "any")
                self.assertEqual(2, result.status, result.text)
