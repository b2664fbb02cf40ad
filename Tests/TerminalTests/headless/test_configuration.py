"""`config.yaml`: used when valid, else one clear line with the place of the error."""

from support import ProgramCase


class ConfigurationTests(ProgramCase):
    def assert_complaint(self, text, *words):
        path = self.scratch.configure(text)
        self.assert_failure("run", "--headless", "--", "true", words=[str(path), *words])

    def test_no_file_is_fine(self):
        self.assert_ended(self.run_command("true"), 0, b"", b"")

    def test_an_empty_file_is_fine(self):
        for text in ("", "\n", "# only a comment\n", "---\n"):
            with self.subTest(text=text):
                self.scratch.configure(text)
                self.assert_ended(self.run_command("true"), 0, b"", b"")

    def test_the_file_that_is_named_is_read_instead_of_the_users_own(self):
        self.scratch.configure("this is: [broken")
        other = self.scratch.write("other.yaml", "drain: empty\n")
        self.assert_ended(self.run_command("true", options=["--config", other]), 0, b"", b"")

    def test_a_file_that_is_named_and_missing(self):
        self.assert_failure("run", "--headless", "--config", "/no/such.yaml", "--", "true", words="/no/such.yaml")

    def test_a_folder_in_place_of_the_file(self):
        self.assert_failure("run", "--headless", "--config", "/tmp", "--", "true", words="/tmp")

    def test_broken_yaml_has_a_place(self):
        self.assert_complaint("theme: nord\nboxes: {a: [\n", ":")

    def test_an_unknown_key_has_a_place(self):
        self.assert_complaint("theme: nord\nthem: x\n", ":2:1", "them")

    def test_a_list_in_place_of_a_mapping(self):
        self.assert_complaint("- theme\n", ":1:1")

    def test_a_bad_drain_policy_has_a_place(self):
        self.assert_complaint("keep: 4G\ndrain: never\n", ":2:8", "never")

    def test_a_bad_size_has_a_place(self):
        self.assert_complaint("keep: lots\n", ":1:7", "lots")

    def test_a_box_needs_a_command(self):
        self.assert_complaint("boxes:\n  far: {quote: shell}\n", ":2:8", "far")

    def test_a_box_with_an_unknown_key(self):
        self.assert_complaint("boxes:\n  far: {comand: [ssh]}\n", ":2:9", "comand")

    def test_a_box_with_a_bad_quote(self):
        self.assert_complaint("boxes:\n  far: {command: [ssh], quote: maybe}\n", ":2:", "shell or none")

    def test_a_box_cannot_take_the_name_of_a_built_in_one(self):
        self.assert_complaint("boxes:\n  local: {command: [ssh]}\n", "local")

    def test_bytes_that_are_not_text(self):
        path = self.scratch.write("bad.yaml", b"theme: \xff\n")
        self.assert_failure("run", "--headless", "--config", path, "--", "true", words=[str(path), "UTF-8"])

    def test_an_endless_file_is_not_read(self):
        self.assert_failure("run", "--headless", "--config", "/dev/zero", "--", "true", words="/dev/zero")

    def test_a_key_that_is_written_twice(self):
        self.assert_complaint("drain: eof\ndrain: empty\n", "drain")
