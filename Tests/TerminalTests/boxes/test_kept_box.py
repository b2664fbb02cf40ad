"""Sandboxes that stay, from the command line."""

import json
import os
import signal

from support import ProgramCase


class KeptBoxTests(ProgramCase):
    def setUp(self):
        super().setUp()
        self.name = f"t{os.getpid()}"
        made = self.box("create", self.name)
        if made.status != 0 and "bubblewrap" in made.text:
            self.skipTest(made.text)
        self.assertEqual(0, made.status, made.text)
        self.addCleanup(self.box, "rm", "--force", self.name)

    def box(self, *words):
        return self.start("box", *words).finish()

    def run_in(self, *command, options=(), **more):
        return self.run_command(*command, options=["--box", self.name, *options], **more)

    def test_several_commands_share_the_box(self):
        self.assert_ended(self.run_in("sh", "-c", "echo kept >/tmp/x"), 0)
        self.assert_ended(self.run_in("cat", "/tmp/x"), 0, b"kept\n")

    def test_status_streams_and_start_failures_are_the_commands(self):
        self.assert_ended(self.run_in("sh", "-c", "cat; echo err >&2; exit 5", data=b"in"), 5, b"in", b"err\n")
        self.assertEqual(127, self.run_in("no-such-command").status)
        self.assertEqual(125, self.run_in("true", options=["--workdir", "/no/such"]).status)

    def test_signals_reach_the_command(self):
        script = "trap 'echo caught; exit 9' TERM; echo ready; while :; do sleep 0.05; done"
        running = self.start("run", "--headless", "--box", self.name, "--", "sh", "-c", script)
        running.wait_for(b"ready\n")
        running.signal(signal.SIGTERM)
        self.assert_ended(running.finish(), 9, b"ready\ncaught\n", None)

    def test_it_is_listed_and_its_name_is_taken(self):
        lines = [json.loads(line) for line in self.start("boxes", "--json").finish().stdout.splitlines()]
        entry = next(line for line in lines if line["name"] == self.name)
        self.assertEqual(("kept", True), (entry["kind"], entry["usable"]))
        again = self.box("create", self.name)
        self.assertEqual(125, again.status)
        self.assertIn("already", again.text)
        self.assertEqual(125, self.box("create", "local").status)

    def test_options_of_a_throw_away_sandbox_are_refused(self):
        result = self.run_in("true", options=["--net"])
        self.assertEqual(125, result.status)
        self.assertIn("throw-away", result.text)

    def test_a_removed_box_is_gone(self):
        self.assertEqual(0, self.box("rm", self.name).status)
        result = self.run_in("true")
        self.assertEqual(125, result.status)
        self.assertIn("there is no box", result.text)
