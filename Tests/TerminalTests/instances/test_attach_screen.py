"""boxwatch attach in a terminal: the monitor on another boxwatch's command."""

from support import InstanceCase


class AttachScreenTests(InstanceCase):
    def test_the_monitor_shows_it_from_the_first_byte_and_leaving_lets_it_run(self):
        identifier, gate = self.gated("echo first line; echo a warning >&2", options=["--name", "job"])
        screen = self.open_screen("attach", "job")
        screen.wait_for(lambda s: "first line" in s.text() and "a warning" in s.text(), "the output")
        screen.send("q")
        self.assertEqual(0, screen.finish())
        self.assertEqual("running", self.listed(identifier)["state"])
        gate.write_text("")
        self.assert_ended(self.run_program("wait", identifier), 0)

    def test_an_ended_execution_opens_too(self):
        self.run_command("echo", "over and done")
        screen = self.open_screen("attach", self.scratch.journal().name)
        screen.wait_for(lambda s: "over and done" in s.text(), "the output")
        screen.send("q")
        screen.finish()

    def test_without_an_identifier_there_is_a_list_to_choose_from(self):
        self.gated("echo from the list", options=["--name", "chosen"])
        screen = self.open_screen("attach")
        screen.wait_for(lambda s: "chosen" in s.text(), "the list")
        screen.send("\r")
        screen.wait_for(lambda s: "from the list" in s.text(), "the output")
        screen.send("q")
        screen.finish()

    def test_without_a_terminal_an_identifier_is_needed(self):
        result = self.run_program("attach")
        self.assertEqual(2, result.status)
        self.assertIn("name an ID", result.text)

    def test_a_missing_execution_is_reported_before_the_screen_opens(self):
        screen = self.open_screen("attach", "nothing")
        self.assertEqual(125, screen.finish())
        self.assertIn("there is no execution 'nothing'", screen.text())
