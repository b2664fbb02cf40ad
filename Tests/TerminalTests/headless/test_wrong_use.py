"""Wrong use of every option: status 2, one clear line, nothing started."""

from support import ProgramCase


class WrongUseTests(ProgramCase):
    def assert_wrong_option(self, *options, words):
        self.assert_wrong_use("run", "--headless", *options, "--", "touch", "started", words=words)
        self.assertFalse((self.scratch.work / "started").exists())

    def test_no_command(self):
        self.assert_wrong_use("run", words="no command")

    def test_nothing_after_the_dashes(self):
        self.assert_wrong_use("run", "--headless", "--", words="no command")

    def test_an_empty_command_between_dashes(self):
        for command in (["---"], ["a", "---"], ["---", "a"], ["a", "---", "---", "b"]):
            with self.subTest(command=command):
                self.assert_wrong_use("run", "--headless", "--", *command, words="---")

    def test_an_unknown_option(self):
        self.assert_wrong_option("--colour", words="--colour")

    def test_an_unknown_command(self):
        self.assert_wrong_use("watch", "--", "true", words="watch")

    def test_a_command_without_the_dashes_says_what_to_write(self):
        self.assert_wrong_use("run", "echo", "hi", words="boxwatch run -- COMMAND")

    def test_an_option_without_its_value(self):
        for option in ("--box", "--name", "--env", "--workdir", "--timeout", "--kill-grace", "--drain", "--keep",
                       "--stdin", "--file", "--config", "--theme", "--color"):
            with self.subTest(option=option):
                self.assert_wrong_use("run", option, words=option)

    def test_bad_variables(self):
        for value in ("NAME", "=value", ""):
            with self.subTest(value=value):
                self.assert_wrong_option("--env", value, words=["--env", "NAME=VALUE"])

    def test_bad_times(self):
        for option in ("--timeout", "--kill-grace"):
            for value in ("5", "-5s", "s", "", "1.2.3s", "5 s", "5d", "nans", "1e3s", "99999999999999999999h"):
                with self.subTest(option=option, value=value):
                    self.assert_wrong_option(f"{option}={value}", words=option)

    def test_a_time_limit_of_nothing(self):
        self.assert_wrong_option("--timeout", "0s", words="--timeout")

    def test_bad_addresses(self):
        for value, word in (("boxlite://", "not a host"), ("boxlite://far", "no box"), ("boxlite://far:x/b", "port"),
                            ("boxlite://far/b/e", "boxwatch attach"), ("docker:", "docker:"), ("podman-image:", "image")):
            with self.subTest(value=value):
                self.assert_wrong_option("--box", value, words=["--box", word])
                self.assert_wrong_use("serve", "--box", value, words=["--box", word])

    def test_a_server_behind_us_is_named_without_a_box(self):
        self.assert_wrong_use("serve", "--upstream", "boxlite://far:9/b", words=["--upstream", "use boxlite://far:9"])

    def test_bad_drain_policies(self):
        for value in ("never", "", "idle", "idle=", "idle=2", "max=x", "idle=2s,", "idle=2s;max=3s", "eof,empty"):
            with self.subTest(value=value):
                self.assert_wrong_option(f"--drain={value}", words="--drain")

    def test_bad_sizes(self):
        for value in ("", "4", "4X", "-4G", "0M", "3M", "4.5G", "all4", "99999999999999T", "none"):
            with self.subTest(value=value):
                self.assert_wrong_option(f"--keep={value}", words="--keep")

    def test_an_empty_input(self):
        self.assert_wrong_option("--stdin=", words="--stdin")

    def test_an_unknown_choice_of_colours(self):
        self.assert_wrong_option("--color", "sometimes", words=["--color", "sometimes"])

    def test_json_and_prefixes_exclude_each_other(self):
        self.assert_wrong_option("--json", "--tag", words="--json")
        self.assert_wrong_option("--json", "--timestamps", words="--json")

    def test_words_that_are_not_text_are_refused_and_not_changed(self):
        self.assert_wrong_use("run", "--headless", "--", "printf", "%s", b"\xff\xfe", words="word 6")

    def test_help_is_not_an_error(self):
        for arguments in (["--help"], ["run", "--help"], ["help", "run"], ["-h"]):
            with self.subTest(arguments=arguments):
                result = self.run_program(*arguments)
                self.assertEqual((0, b""), (result.status, result.stderr))
                self.assertIn(b"boxwatch", result.stdout)

    def test_every_option_is_in_the_help(self):
        text = self.run_program("run", "--help").stdout.decode()
        for option in ("--box", "--name", "--env", "--workdir", "--tty", "--timeout", "--kill-grace", "--drain",
                       "--keep", "--stdin", "--file", "--headless", "--tag", "--timestamps", "--json", "--config",
                       "--verbose", "--theme", "--color", "--no-mouse"):
            self.assertIn(option, text)

    def test_the_version_is_printed(self):
        result = self.run_program("--version")
        self.assertEqual((0, b""), (result.status, result.stderr))
        self.assertRegex(result.stdout.decode(), r"^boxwatch \d+\.\d+\.\d+\n$")


class WrongPlaceTests(ProgramCase):
    def test_an_unknown_box_names_those_there_are(self):
        self.assert_failure("run", "--headless", "--box", "moon", "--", "true", words=["moon", "local", "bwrap"])

    def test_an_unknown_box_among_several_starts_none_of_them(self):
        path = self.scratch.write("execs.yaml", "- touch started\n- {command: [true], box: moon}\n")
        self.assert_failure("run", "--headless", "--file", path, words="moon")
        self.assertFalse((self.scratch.work / "started").exists())

    def test_without_a_terminal_and_without_a_command_there_is_nothing_to_show(self):
        result = self.run_program()
        self.assertEqual(125, result.status)
        self.assertIn("terminal", result.text)
