"""The race that boxwatch prevents: a short command's last line and its end."""

from support import ProgramCase, burners

RACER = ["sh", "-c", "echo X && exit 0"]


class RaceTests(ProgramCase):
    def test_a_thousand_short_commands_in_one_run_lose_nothing_under_load(self):
        command = list(RACER)
        for _ in range(999):
            command += ["---", *RACER]
        with burners():
            result = self.run_command(*command, deadline=120)
        lines = result.stdout.splitlines()
        self.assertEqual((0, 1000), (result.status, len(lines)), result.text)
        self.assertTrue(all(line.endswith(b" stdout | X") for line in lines))

    def test_a_hundred_runs_of_a_short_command_lose_nothing_under_load(self):
        with burners():
            for number in range(100):
                result = self.run_command(*RACER)
                self.assertEqual((0, b"X\n", b""), (result.status, result.stdout, result.stderr), f"run {number}")

    def test_sixty_kilobytes_without_newline_are_never_cut(self):
        content = self.scratch.write("content", b"0123456789" * 6000)
        with burners():
            for number in range(50):
                result = self.run_script(f"cat {content}; exit 3")
                self.assertEqual((3, content.read_bytes()), (result.status, result.stdout), f"run {number}")
