"""Boxes of the configuration: a prefix that runs the command after it."""

import signal

from support import ProgramCase


class CommandBoxTests(ProgramCase):
    def setUp(self):
        super().setUp()
        self.scratch.configure(
            'boxes:\n'
            '  nice: {command: [nice, -n, "5"]}\n'
            '  shell: {command: [sh, -c], quote: shell}\n'
            '  words: {command: env FROM=box}\n'
            '  gone: {command: [no-such-prefix]}\n')

    def run_in(self, box, *command, options=(), **more):
        return self.run_command(*command, options=["--box", box, *options], **more)

    def test_the_prefix_runs_the_command(self):
        self.assert_ended(self.run_in("nice", "nice"), 0, b"5\n")

    def test_arguments_arrive_one_by_one(self):
        self.assert_ended(self.run_in("nice", "printf", "[%s]", "a b", "*", "", "$HOME"), 0, b"[a b][*][][$HOME]")

    def test_a_prefix_that_joins_words_for_a_shell_gets_them_quoted(self):
        words = ["a b", "*", "", "$HOME", "it's", '"', "\\", "ä", "line\nbreak", "-n", "~", ";"]
        result = self.run_in("shell", "printf", "[%s]", *words)
        self.assert_ended(result, 0, "".join(f"[{word}]" for word in words).encode())

    def test_a_prefix_may_be_written_as_one_text(self):
        self.assert_ended(self.run_in("words", "sh", "-c", "echo $FROM"), 0, b"box\n")

    def test_streams_input_and_status_are_the_commands(self):
        result = self.run_in("nice", "sh", "-c", "cat; echo err >&2; exit 5", data=b"in")
        self.assert_ended(result, 5, b"in", b"err\n")

    def test_variables_and_directory_reach_the_prefix(self):
        result = self.run_in("nice", "sh", "-c", "echo $A; pwd", options=["-e", "A=b", "--workdir", "/usr"])
        self.assert_ended(result, 0, b"b\n/usr\n")

    def test_signals_reach_the_command(self):
        script = "trap 'echo caught; exit 9' TERM; echo ready; while :; do sleep 0.05; done"
        running = self.start("run", "--headless", "--box", "nice", "--", "sh", "-c", script)
        running.wait_for(b"ready\n")
        running.signal(signal.SIGTERM)
        self.assert_ended(running.finish(), 9, b"ready\ncaught\n", None)

    def test_a_prefix_that_is_missing_is_named(self):
        result = self.run_in("gone", "true")
        self.assertEqual(1, len(result.text.splitlines()), result.text)
        self.assertIn("no-such-prefix", result.text)
        self.assertIn(result.status, (125, 127))

    def test_the_box_of_the_configuration_is_the_default(self):
        self.scratch.configure('box: nice\nboxes: {nice: {command: [nice, -n, "5"]}}\n')
        self.assert_ended(self.run_command("nice"), 0, b"5\n")
        self.assert_ended(self.run_command("nice", options=["--box", "local"]), 0, b"0\n")

    def test_a_default_box_that_is_unknown_is_named(self):
        self.scratch.configure("box: moon\n")
        self.assert_failure("run", "--headless", "--", "true", words=["moon", "local"])

    def test_the_journal_names_the_box(self):
        result = self.run_in("nice", "true", options=["--json"])
        self.assertEqual("nice", result.events[0]["box"])
