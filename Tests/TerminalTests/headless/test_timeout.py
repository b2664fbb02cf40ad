"""A time limit ends the command: TERM, then KILL."""

from support import ProgramCase


class TimeoutTests(ProgramCase):
    def test_a_command_over_its_time_is_124(self):
        result = self.run_script("echo before; exec sleep 1000", "--timeout", "300ms")
        self.assert_ended(result, 124, b"before\n", None)
        self.assert_no_process_is_left()

    def test_the_command_gets_term_first_and_has_the_last_word(self):
        script = "trap 'echo bye; exit 5' TERM; echo ready; while :; do sleep 0.05; done"
        result = self.run_script(script, "--timeout", "1s", "--kill-grace", "30s")
        self.assert_ended(result, 124, b"ready\nbye\n", None)

    def test_a_command_that_ignores_term_is_killed_after_the_grace(self):
        script = "trap '' TERM; echo ready; while :; do sleep 0.05; done"
        result = self.run_script(script, "--timeout", "300ms", "--kill-grace", "300ms")
        self.assert_ended(result, 124, b"ready\n", None)
        self.assert_no_process_is_left()

    def test_the_whole_group_is_ended(self):
        result = self.run_script("sleep 1000 & sleep 1000 & echo ready; wait", "--timeout", "300ms")
        self.assert_ended(result, 124, b"ready\n", None)
        self.assert_no_process_is_left()

    def test_a_command_within_its_time_keeps_its_status(self):
        self.assert_ended(self.run_script("exit 3", "--timeout", "1h"), 3, b"", b"")
