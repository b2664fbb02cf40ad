"""P2: the bytes a command writes are the bytes that come out, on the stream it wrote them to."""

import hashlib
import os
import subprocess

from support import ProgramCase

ALL_BYTES = bytes(range(256))


class BytesTests(ProgramCase):
    def run_file(self, content, redirect=""):
        path = self.scratch.write("content", content)
        return self.run_script(f"cat {path} {redirect}")

    def test_stdout_and_stderr_come_apart(self):
        result = self.run_script("echo out; echo err >&2; echo out2; echo err2 >&2")
        self.assert_ended(result, 0, b"out\nout2\n", b"err\nerr2\n")

    def test_every_byte_value_survives_on_stdout(self):
        self.assert_ended(self.run_file(ALL_BYTES * 3), 0, ALL_BYTES * 3)

    def test_every_byte_value_survives_on_stderr(self):
        self.assert_ended(self.run_file(ALL_BYTES * 3, ">&2"), 0, b"", ALL_BYTES * 3)

    def test_nul_bytes_and_nothing_else_survive(self):
        self.assert_ended(self.run_command("head", "-c", "100000", "/dev/zero"), 0, b"\0" * 100000)

    def test_invalid_utf8_and_half_characters_survive(self):
        data = b"\xff\xfe\xc3(\xa0\xa1\xe2\x82" + "ä€🙂".encode()[:-1]
        self.assert_ended(self.run_file(data), 0, data)

    def test_a_last_line_without_newline_counts(self):
        self.assert_ended(self.run_script("printf 'one\\ntwo'"), 0, b"one\ntwo")

    def test_a_command_without_output_leaves_none(self):
        self.assert_ended(self.run_command("true"), 0, b"", b"")

    def test_output_before_a_failure_is_not_lost(self):
        self.assert_ended(self.run_script("printf last; printf lasterr >&2; exit 3"), 3, b"last", b"lasterr")

    def test_output_before_a_crash_is_not_lost(self):
        self.assert_ended(self.run_script("printf last; kill -SEGV $$"), 139, b"last")

    def test_terminal_sequences_pass_through_untouched(self):
        data = b"\x1b]52;c;aGk=\x07\x1b[2J\x1b[31mred\x1b[0m\r\n"
        self.assert_ended(self.run_file(data), 0, data)

    def test_fifty_megabytes_arrive_whole(self):
        script = "head -c 50000000 /dev/zero | tr '\\0' x | sed 's/xxxxxxxxxx/0123456789\\n/g'"
        wanted = hashlib.sha256(subprocess.run(["sh", "-c", script], capture_output=True, check=True).stdout)
        result = self.run_script(script, deadline=90)
        self.assertEqual((0, b""), (result.status, result.stderr))
        self.assertEqual(wanted.hexdigest(), hashlib.sha256(result.stdout).hexdigest())

    def test_two_floods_at_once_stay_apart_and_whole(self):
        source = self.scratch.write("random", os.urandom(8_000_000))
        result = self.run_script(f"cat {source} & cat {source} >&2 & wait", deadline=60)
        wanted = source.read_bytes()
        self.assertEqual(0, result.status)
        self.assertTrue(result.stdout == wanted, f"{len(result.stdout)} bytes on stdout")
        self.assertTrue(result.stderr == wanted, f"{len(result.stderr)} bytes on stderr")

    def test_a_file_as_stdout_gets_the_same_bytes(self):
        target = self.scratch.work / "target"
        with target.open("wb") as file:
            result = self.run_script("printf 'a\\0b'; printf e >&2", stdout=file)
        self.assert_ended(result, 0, b"", b"e")
        self.assertEqual(b"a\0b", target.read_bytes())

    def test_a_full_device_as_stdout_is_a_failure_and_not_a_silent_loss(self):
        with open("/dev/full", "wb") as full:
            result = self.run_script("echo lost", stdout=full)
        self.assertEqual(125, result.status, result.text)
        self.assertIn("cannot write to standard output", result.text)
