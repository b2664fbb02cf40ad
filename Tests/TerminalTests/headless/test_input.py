"""Standard input: passed through to its end, closed, or a file."""

import hashlib
import os
import subprocess

from support import ProgramCase


class InputTests(ProgramCase):
    def test_input_is_passed_through_to_its_end(self):
        self.assert_ended(self.run_command("cat", data=b"a\0b\xffno newline"), 0, b"a\0b\xffno newline")

    def test_ten_megabytes_go_through_cat(self):
        data = os.urandom(10_000_000)
        result = self.run_command("cat", data=data, deadline=60)
        self.assertEqual(0, result.status)
        self.assertEqual(hashlib.sha256(data).digest(), hashlib.sha256(result.stdout).digest())

    def test_an_input_that_is_open_and_silent_delays_nothing(self):
        running = self.start("run", "--headless", "--", "echo", "done")
        running.wait_for(b"done\n")
        self.assertEqual(0, running.process.wait(30))

    def test_a_command_answers_each_line_as_it_comes(self):
        running = self.start("run", "--headless", "--", "sh", "-c", "while read line; do echo got $line; done")
        for number in range(5):
            running.write(b"line %d\n" % number)
            running.wait_for(b"got line %d\n" % number)
        running.close_input()
        self.assertEqual(0, running.process.wait(30))

    def test_a_command_that_never_reads_does_not_hold_us_up(self):
        self.assert_ended(self.run_command("true", data=b"x" * 5_000_000), 0, b"")

    def test_a_command_that_stops_reading_keeps_its_status(self):
        result = self.run_script("head -c 10; exit 3", data=b"0123456789" * 500_000)
        self.assert_ended(result, 3, b"0123456789")

    def test_a_closed_input_is_at_its_end_at_once(self):
        result = self.run_command("cat", options=["--stdin", "closed"], data=b"not for cat")
        self.assert_ended(result, 0, b"")

    def test_a_file_can_be_the_input(self):
        path = self.scratch.write("input", b"from\0the file")
        self.assert_ended(self.run_command("cat", options=["--stdin", path], data=b"not for cat"), 0, b"from\0the file")

    def test_a_missing_input_file_is_named(self):
        self.assert_failure("run", "--headless", "--stdin", "/no/such/input", "--", "cat", words="/no/such/input")

    def test_dev_null_as_our_input_is_an_end_of_input(self):
        self.assert_ended(self.run_command("cat", stdin=subprocess.DEVNULL, data=None), 0, b"")

    def test_an_input_that_is_closed_for_us_is_an_end_of_input(self):
        result = self.start("-c", 'exec "$@" <&-', "sh", self.program, "run", "--headless", "--", "cat",
                            program="/bin/sh").finish(b"")
        self.assert_ended(result, 0, b"")

    def test_our_input_is_left_alone_when_the_commands_is_closed(self):
        reader, writer = os.pipe()
        with os.fdopen(reader, "rb") as file:
            os.write(writer, b"still here")
            os.close(writer)
            self.assert_ended(self.run_command("cat", options=["--stdin", "closed"], stdin=file, data=None), 0, b"")
            self.assertEqual(b"still here", file.read())
