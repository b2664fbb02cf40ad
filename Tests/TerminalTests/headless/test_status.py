"""The exit status is the command's, and each kind of start failure has its own."""

from support import ProgramCase


class StatusTests(ProgramCase):
    def test_every_kind_of_exit_code_is_kept(self):
        for code in (0, 1, 2, 42, 124, 125, 126, 127, 128, 255):
            with self.subTest(code=code):
                self.assert_ended(self.run_script(f"exit {code}"), code)

    def test_a_signal_gives_128_and_its_number(self):
        numbers = {"HUP": 1, "INT": 2, "ABRT": 6, "KILL": 9, "SEGV": 11, "PIPE": 13, "TERM": 15}
        for name, number in numbers.items():
            with self.subTest(signal=name):
                self.assert_ended(self.run_script(f"kill -{name} $$"), 128 + number)

    def test_a_command_that_is_not_there_is_127(self):
        self.assert_failure("run", "--headless", "--", "no-such-command-here", status=127, words="no-such-command-here")

    def test_a_path_that_is_not_there_is_127(self):
        self.assert_failure("run", "--headless", "--", "/no/such/file", status=127, words="/no/such/file")

    def test_a_file_without_permission_is_126(self):
        path = self.scratch.write("plain", "#!/bin/sh\n", mode=0o644)
        self.assert_failure("run", "--headless", "--", path, status=126, words=str(path))

    def test_a_folder_is_not_a_command(self):
        self.assert_failure("run", "--headless", "--", self.scratch.work, status=126, words=str(self.scratch.work))

    def test_a_missing_interpreter_is_named(self):
        path = self.scratch.write("script", "#!/no/such/interpreter\n", mode=0o755)
        self.assert_failure("run", "--headless", "--", path, status=126, words="/no/such/interpreter")

    def test_a_file_of_unknown_format_is_126(self):
        path = self.scratch.write("noise", b"\x01\x02\x03\x04", mode=0o755)
        self.assert_failure("run", "--headless", "--", path, status=126, words=str(path))

    def test_a_missing_working_directory_is_125(self):
        self.assert_failure("run", "--headless", "--workdir", "/no/such/dir", "--", "true", words="/no/such/dir")

    def test_a_file_as_working_directory_is_125(self):
        path = self.scratch.write("file", "")
        self.assert_failure("run", "--headless", "--workdir", path, "--", "true", words=str(path))

    def test_an_argument_that_the_kernel_cannot_take_is_named(self):
        path = self.scratch.write("long.yaml", f"- command: [echo, {'x' * 200_000}]\n")
        self.assert_failure("run", "--headless", "--file", path, words="larger than the kernel takes")

    def test_an_empty_command_name_is_refused(self):
        self.assert_failure("run", "--headless", "--", "", words="empty")

    def test_several_commands_give_the_first_status_that_is_not_zero(self):
        result = self.run_command("true", "---", "sh", "-c", "exit 5", "---", "sh", "-c", "exit 7")
        self.assertEqual(5, result.status)
