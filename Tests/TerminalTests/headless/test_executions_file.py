"""`--file`: several commands from a YAML file."""

from support import ProgramCase


class ExecutionsFileTests(ProgramCase):
    def run_file(self, text, *options, **more):
        path = self.scratch.write("execs.yaml", text)
        return self.run_program("run", "--headless", *options, "--file", path, **more)

    def assert_complaint(self, text, *words):
        path = self.scratch.write("execs.yaml", text)
        self.assert_failure("run", "--headless", "--file", path, words=[str(path), *words])
        self.assertEqual([], self.scratch.journals())

    def test_a_list_of_commands(self):
        result = self.run_file("- echo one\n- [echo, two words]\n- command: [sh, -c, 'exit 4']\n")
        self.assertEqual(4, result.status)
        self.assertEqual({b"one", b"two words"}, {line.rpartition(b" | ")[2] for line in result.stdout.splitlines()})

    def test_names_of_a_mapping_are_the_tags(self):
        result = self.run_file("web: echo one\njob: {command: [sh, -c, echo two >&2]}\n")
        self.assert_ended(result, 0, b"web stdout | one\n", b"job stderr | two\n")

    def test_one_command_alone_passes_its_bytes_through(self):
        self.assert_ended(self.run_file("- [printf, 'a\\0b']\n"), 0, b"a\0b")

    def test_every_key_is_used(self):
        self.scratch.write("input.txt", "from a file")
        text = f"""
- command: [sh, -c, 'cat; echo "|$A|$PWD"; sleep 1000 & exit 3']
  name: full
  box: local
  env: {{A: value}}
  workdir: {self.scratch.work}
  tty: false
  timeout: 30s
  kill-grace: 1s
  drain: idle=200ms,max=1s
  keep: 64M
  stdin: {self.scratch.work}/input.txt
"""
        result = self.run_file(text)
        self.assertEqual((3, f"from a file|value|{self.scratch.work}\n".encode()), (result.status, result.stdout))

    def test_options_of_the_command_line_are_the_defaults(self):
        text = "- [sh, -c, 'echo $A']\n- {command: [sh, -c, 'echo $A'], env: {A: own}}\n"
        result = self.run_file(text, "--env", "A=line")
        self.assertEqual({b"line", b"own"}, {line.rpartition(b" | ")[2] for line in result.stdout.splitlines()})

    def test_commands_of_the_command_line_come_after_those_of_the_file(self):
        path = self.scratch.write("execs.yaml", "- echo file\n")
        result = self.run_program("run", "--headless", "--file", path, "--", "echo", "line")
        self.assertEqual({b"file", b"line"}, {line.rpartition(b" | ")[2] for line in result.stdout.splitlines()})

    def test_a_missing_file(self):
        self.assert_failure("run", "--headless", "--file", "/no/such.yaml", words="/no/such.yaml")

    def test_an_empty_file(self):
        for text in ("", "# nothing\n", "[]\n", "{}\n"):
            with self.subTest(text=text):
                self.assert_complaint(text)

    def test_an_unknown_key_has_a_place(self):
        self.assert_complaint("- echo\n- command: [a]\n  comand: b\n", ":3:3", "comand")

    def test_a_command_is_needed(self):
        self.assert_complaint("- name: x\n", ":1:3", "command")

    def test_a_command_may_not_be_empty(self):
        self.assert_complaint("- []\n", ":1:3")

    def test_values_of_the_wrong_kind_have_a_place(self):
        for line, place in (("tty: perhaps", ":2:8"), ("timeout: 5", ":2:12"), ("env: [A]", ":2:8"),
                            ("drain: x", ":2:10"), ("keep: 1M", ":2:9"), ("workdir: [a]", ":2:12"),
                            ("stdin: ''", ":2:10")):
            with self.subTest(line=line):
                self.assert_complaint(f"- command: [a]\n  {line}\n", place)

    def test_a_time_limit_of_nothing_is_refused_as_on_the_command_line(self):
        self.assert_complaint("- command: [true]\n  timeout: 0s\n", ":2:")

    def test_a_bad_variable_name_is_refused(self):
        self.assert_complaint("- command: [true]\n  env: {'A=B': c}\n", ":2:")

    def test_broken_yaml_has_a_place(self):
        self.assert_complaint("- [echo\n- x: {\n", ":")
