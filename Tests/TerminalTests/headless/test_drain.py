"""P4: an honest end, also when a grandchild holds a pipe."""

from support import ProgramCase


class DrainTests(ProgramCase):
    # A holder that sleeps 1000 s outlives every deadline of a test: a run that ends has given the stream up.

    def test_by_default_late_output_of_a_grandchild_is_waited_for(self):
        gate = self.scratch.fifo()
        running = self.start("run", "--headless", "--", "sh", "-c", f"(cat {gate}; echo late) & echo early; exit 3")
        running.wait_for(b"early\n")
        gate.write_bytes(b"")
        self.assert_ended(running.finish(), 3, b"early\nlate\n")

    def test_eof_waits_for_it_as_well(self):
        self.assert_ended(self.run_script("(sleep 0.5; echo late) & echo early", "--drain", "eof"), 0, b"early\nlate\n")

    def test_a_silent_holder_is_given_up_by_the_idle_policy_and_named_as_truncation(self):
        result = self.run_script("sleep 1000 & echo hi", "--drain", "idle=300ms,max=5s")
        self.assert_ended(result, 0, b"hi\n", None)
        self.assertIn("stdout", result.text)
        self.assertIn("stderr", result.text)
        self.assertIn("truncated", result.text)

    def test_only_the_held_stream_is_named(self):
        result = self.run_script("sleep 1000 2>/dev/null & echo hi", "--drain", "idle=300ms,max=5s")
        self.assertIn("stdout", result.text)
        self.assertNotIn("stderr", result.text)

    def test_a_chatty_holder_is_cut_at_the_maximum(self):
        result = self.run_script("(while :; do echo chat; sleep 0.05; done) & echo hi", "--drain", "idle=2s,max=1s")
        self.assertIn("truncated", result.text)
        self.assertTrue(result.stdout.startswith(b"hi\n") or b"chat\n" in result.stdout)

    def test_a_chatty_holder_is_followed_as_long_as_it_talks(self):
        script = "(i=0; while [ $i -lt 15 ]; do echo $i; i=$((i+1)); sleep 0.1; done) & exit 0"
        result = self.run_script(script, "--drain", "idle=10s,max=60s")
        self.assert_ended(result, 0, b"".join(b"%d\n" % number for number in range(15)))

    def test_empty_takes_what_is_there_and_stops(self):
        result = self.run_script("head -c 60000 /dev/zero; sleep 1000 & exit 4", "--drain", "empty")
        self.assert_ended(result, 4, b"\0" * 60000, None)
        self.assertIn("truncated", result.text)

    def test_an_end_in_time_is_no_truncation(self):
        for policy in ("eof", "empty", "idle=5s,max=10s"):
            with self.subTest(policy=policy):
                self.assert_ended(self.run_script("echo hi", "--drain", policy), 0, b"hi\n", b"")

    def test_a_closed_stream_does_not_end_the_other(self):
        self.assert_ended(self.run_script("exec 2>&-; sleep 0.2; echo late"), 0, b"late\n")

    def test_a_command_that_closes_both_streams_is_still_waited_for(self):
        self.assert_ended(self.run_script("exec >&- 2>&-; sleep 0.3; exit 6"), 6, b"")

    def test_the_policy_of_the_configuration_is_used(self):
        self.scratch.configure("drain: idle=200ms,max=1s\n")
        result = self.run_script("sleep 1000 & echo hi")
        self.assertIn("truncated", result.text)
