"""`--tag` and `--timestamps`: whole lines with a prefix."""

import datetime
import re

from support import ProgramCase

STAMP = rb"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z)"


class LinesTests(ProgramCase):
    def test_tags_name_the_stream_and_keep_the_streams_apart(self):
        result = self.run_script("echo a; echo b >&2; echo c", "--tag")
        self.assert_ended(result, 0, b"stdout | a\nstdout | c\n", b"stderr | b\n")

    def test_a_last_line_without_newline_gets_one(self):
        self.assert_ended(self.run_script("printf 'a\\nb'", "--tag"), 0, b"stdout | a\nstdout | b\n")

    def test_an_empty_line_is_a_line(self):
        self.assert_ended(self.run_script("printf '\\n\\nx\\n'", "--tag"), 0, b"stdout | \nstdout | \nstdout | x\n")

    def test_no_output_gives_no_line(self):
        self.assert_ended(self.run_command("true", options=["--tag"]), 0, b"", b"")

    def test_a_line_written_in_pieces_gets_one_prefix(self):
        gate = self.scratch.fifo()
        running = self.start("run", "--tag", "--", "sh", "-c", f"printf one; cat {gate}; echo three")
        gate.write_bytes(b"-two-")
        self.assert_ended(running.finish(), 0, b"stdout | one-two-three\n")

    def test_lines_keep_their_bytes(self):
        path = self.scratch.write("bytes", b"\xff\0\x1b[31m\r\n")
        self.assert_ended(self.run_command("cat", path, options=["--tag"]), 0, b"stdout | \xff\0\x1b[31m\r\n")

    def test_timestamps_are_utc_and_of_now(self):
        before = datetime.datetime.now(datetime.timezone.utc)
        result = self.run_script("echo a; echo b >&2", "--timestamps")
        after = datetime.datetime.now(datetime.timezone.utc)
        for stream, letter in ((result.stdout, b"a"), (result.stderr, b"b")):
            match = re.fullmatch(STAMP + rb" \| " + letter + rb"\n", stream)
            self.assertIsNotNone(match, stream)
            at = datetime.datetime.fromisoformat(match[1].decode().replace("Z", "+00:00"))
            self.assertLessEqual(before - datetime.timedelta(seconds=1), at)
            self.assertLessEqual(at, after + datetime.timedelta(seconds=1))

    def test_tags_and_timestamps_go_together(self):
        result = self.run_script("echo a", "--tag", "--timestamps")
        self.assertIsNotNone(re.fullmatch(STAMP + rb" stdout \| a\n", result.stdout), result.stdout)

    def test_a_line_is_there_when_its_newline_is(self):
        gate = self.scratch.fifo()
        running = self.start("run", "--tag", "--", "sh", "-c", f"echo first; cat {gate}")
        running.wait_for(b"stdout | first\n")
        gate.write_bytes(b"last")
        self.assert_ended(running.finish(), 0, b"stdout | first\nstdout | last\n")

    def test_a_line_of_ten_megabytes_loses_nothing(self):
        result = self.run_script("head -c 10000000 /dev/zero | tr '\\0' x", "--tag", deadline=60)
        self.assertEqual(10_000_000, result.stdout.count(b"x"))
        self.assertTrue(all(line.startswith(b"stdout | ") for line in result.stdout.splitlines()))

    def test_a_closed_stdout_ends_the_command(self):
        running = self.start("run", "--tag", "--", "yes")
        running.wait_for(b"stdout | y\n")
        running.process.stdout.close()
        running.process.stdout = None
        running.close_input()
        self.assertEqual(141, running.process.wait(30))

    def test_output_that_found_no_reader_is_never_the_end_of_a_complete_run(self):
        gate = self.scratch.fifo()
        running = self.start("run", "--", "sh", "-c", f"trap '' PIPE; echo first; cat {gate}; echo last; exit 7")
        running.wait_for(b"first\n")
        running.process.stdout.close()
        running.process.stdout = None
        running.close_input()
        gate.write_bytes(b"")
        self.assertEqual(141, running.process.wait(30))


class SeveralCommandsTests(ProgramCase):
    def test_several_commands_have_different_prefixes(self):
        result = self.run_command("echo", "one", "---", "echo", "two")
        self.assertEqual({b"echo one stdout | one", b"echo two stdout | two"}, set(result.stdout.splitlines()))
        self.assertEqual(0, result.status)

    def test_lines_of_several_commands_are_never_mixed(self):
        script = "i=0; while [ $i -lt 2000 ]; do echo {0}{0}{0}{0}; i=$((i+1)); done"
        command = []
        for letter in "abc":
            command += ["---"] * bool(command) + ["sh", "-c", script.format(letter)]
        result = self.run_command(*command, deadline=60)
        lines = [line.rpartition(b" | ")[2] for line in result.stdout.splitlines()]
        counts = {line: lines.count(line) for line in set(lines)}
        self.assertEqual({b"aaaa": 2000, b"bbbb": 2000, b"cccc": 2000}, counts)

    def test_several_commands_read_an_end_of_input(self):
        result = self.run_command("cat", "---", "cat", data=b"not read")
        self.assert_ended(result, 0, b"")

    def test_hostile_words_cannot_break_a_prefix(self):
        result = self.run_command("sh", "-c", "echo a\n\n", "---", "true")
        self.assertEqual(1, len(result.stdout.splitlines()), result.stdout)
