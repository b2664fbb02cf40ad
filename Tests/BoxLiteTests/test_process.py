"""What a command gets and how it ends."""

from support.case import ServerCase


class Process(ServerCase):
    """Input, codes, signals, time limits."""

    def test_input_comes_back_through_cat(self):
        pieces = ["one\n", "two é\n", "x" * 200_000]
        for version in self.each():
            seen = self.call(version, "run", command="cat", stdin=pieces)
            self.assertEqual("".join(pieces), seen["out"])
            self.assertEqual(0, seen["code"])

    def test_exit_codes(self):
        for code in (0, 1, 2, 42, 126, 127, 255):
            for version in self.each(code=code):
                seen = self.call(version, "run", command="sh", args=["-c", f"echo x; exit {code}"])
                self.assertEqual((code, "x\n"), (seen["code"], seen["out"]))

    def test_a_signal_is_a_negative_code(self):
        for number in (9, 15, 11):
            for version in self.each(signal=number):
                seen = self.call(version, "run", command="sh", args=["-c", f"echo x; kill -{number} $$"])
                self.assertEqual((-number, "x\n"), (seen["code"], seen["out"]))

    def test_a_sent_signal_arrives(self):
        script = "trap 'echo caught; exit 5' TERM; echo ready; while :; do sleep 0.05; done"
        for version in self.each():
            seen = self.call(version, "run", command="sh", args=["-c", script], signal=15)
            self.assertEqual((5, "ready\ncaught\n"), (seen["code"], seen["out"]))

    def test_kill_keeps_what_was_written(self):
        for version in self.each():
            seen = self.call(version, "run", command="sh", args=["-c", "echo ready; sleep 60"], kill=True)
            self.assertEqual((-9, "ready\n"), (seen["code"], seen["out"]))

    def test_a_time_limit_ends_it_and_keeps_what_was_written(self):
        # A command that is not ended outlives the deadline of the call.
        for script in ("echo ready; sleep 1000", "trap '' TERM; echo ready; sleep 1000"):
            for version in self.each(script=script):
                seen = self.call(version, "run", command="sh", args=["-c", script], timeout_secs=1.0)
                self.assertEqual("ready\n", seen["out"])
                self.assertNotEqual(0, seen["code"])

    def test_environment_and_directory(self):
        for version in self.each():
            seen = self.call(version, "run", command="sh", args=["-c", "echo $A-$B; pwd"],
                             env=[["A", "1"], ["B", "é"]], cwd="/usr")
            self.assertEqual("1-é\n/usr\n", seen["out"])

    def test_a_terminal_has_one_stream(self):
        for version in self.each():
            seen = self.call(version, "run", command="sh", args=["-c", "test -t 0 && echo out; echo err >&2"], tty=True)
            self.assertEqual(("out\r\nerr\r\n", ""), (seen["out"], seen["err"]))

    def test_what_cannot_start_is_an_error_that_says_why(self):
        for version in self.each():
            seen = self.call(version, "fails", command="no-such-program")
            self.assertEqual({"0.10.8": "ExecutionError"}.get(version, "RuntimeError"), seen["type"], seen)
            self.assertIn("no-such-program", seen["text"])
            seen = self.call(version, "fails", command="true", cwd="/no/such/directory")
            self.assertIn("/no/such/directory", seen["text"])

    def test_a_signal_outside_the_list_is_refused(self):
        for version in self.each():
            seen = self.call(version, "fails", command="sleep", args=["5"], signal=19)
            self.assertIn("signal 19 cannot be sent", seen["text"])

    def test_a_holder_of_the_pipe_does_not_hold_the_client(self):
        for version in self.each():
            seen = self.call(version, "run", command="sh", args=["-c", "sleep 1000 & echo hi"])
            self.assertEqual((0, "hi\n"), (seen["code"], seen["out"]))

    def test_a_box_has_a_life(self):
        for version in self.each():
            self.assertEqual({"listed": True, "known": True, "gone": True}, self.call(version, "boxes"))
