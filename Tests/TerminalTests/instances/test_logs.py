"""boxwatch logs: what an execution wrote, apart and untouched."""

import os
import signal

from support import InstanceCase


class LogsTests(InstanceCase):
    def finished(self, script, *options):
        self.run_script(script, *options)
        return self.scratch.journals()[-1].name

    def test_both_streams_come_apart_and_untouched(self):
        identifier = self.finished("printf 'a\\0\\377b'; printf 'err\\r' >&2; exit 7")
        self.assert_ended(self.run_program("logs", identifier), 0, b"a\0\xffb", b"err\r")

    def test_one_stream_can_be_chosen(self):
        identifier = self.finished("echo out; echo err >&2")
        self.assert_ended(self.run_program("logs", "--stdout", identifier), 0, b"out\n", b"")
        self.assert_ended(self.run_program("logs", "--stderr", identifier), 0, b"", b"err\n")
        self.assert_wrong_choice("--stdout", "--stderr")
        self.assert_wrong_choice("--json", "--tag")

    def assert_wrong_choice(self, *options):
        result = self.run_program("logs", *options, "any")
        self.assertEqual(2, result.status, result.text)

    def test_lines_can_be_tagged_and_timed(self):
        identifier = self.finished("echo one; printf two")
        result = self.run_program("logs", "--tag", "--timestamps", identifier)
        lines = result.stdout.decode().splitlines()
        self.assertRegex(lines[0], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z stdout \| one$")
        self.assertRegex(lines[1], r" stdout \| two$")

    def test_every_event_comes_as_json(self):
        identifier = self.finished("echo out; echo err >&2; exit 3")
        events = self.run_program("logs", "--json", identifier).events
        self.assertEqual(["started", "exit"], [events[0]["event"], events[-2]["event"]])
        self.assertEqual({identifier}, {event["id"] for event in events})
        self.assertEqual(3, events[-2]["code"])
        only = self.run_program("logs", "--json", "--stderr", identifier).events
        self.assertEqual(["err\n"], [event["text"] for event in only if "text" in event])

    def test_without_follow_it_ends_with_the_present_output(self):
        running = self.start("run", "--headless", "--", "sh", "-c", "printf part; exec sleep 1000")
        running.wait_for(b"part")
        identifier = self.scratch.journal().name
        self.assert_ended(self.run_program("logs", identifier), 0, b"part")
        self.assertEqual(b"stdout | part\n", self.run_program("logs", "--tag", identifier).stdout)

    def test_follow_goes_on_to_the_end(self):
        identifier, gate = self.gated("echo first")
        following = self.start("logs", "--follow", identifier)
        following.wait_for(b"first\n")
        gate.write_text("last\n")
        self.assert_ended(following.finish(), 0, b"first\nlast\n")

    def test_follow_shows_the_answered_waits_after_every_end(self):
        for number in range(20):
            gate = self.scratch.fifo(f"gate{number}")
            running = self.start("run", "--headless", "--", "sh", "-c", f"echo up; cat {gate}")
            running.wait_for(b"up\n")
            following = self.start("logs", "--follow", "--json", self.scratch.journals()[-1].name)
            following.wait_for(b"up")
            gate.write_text("")
            self.assertEqual(["exit", "wait"], [event["event"] for event in following.finish().events[-2:]])
            running.finish()

    def test_follow_of_a_flood_gets_every_byte(self):
        identifier, gate = self.gated("seq 1 300000")
        following = self.start("logs", "-f", identifier)
        following.wait_for(b"300000\n")
        gate.write_text("")
        wanted = "".join(f"{number}\n" for number in range(1, 300001)).encode()
        self.assert_ended(following.finish(), 0, wanted)

    def test_evicted_output_is_reported(self):
        identifier = self.finished("head -c 20000000 /dev/zero | tr '\\0' x; echo end", "--keep", "4M")
        result = self.run_program("logs", identifier)
        self.assertEqual(0, result.status)
        self.assertTrue(result.stdout.endswith(b"xend\n"))
        (line,) = result.text.splitlines()
        gone = 20_000_004 - len(result.stdout)
        self.assertEqual(f"boxwatch: stdout: {gone} bytes from offset 0 on are no longer kept", line)
        gap = self.run_program("logs", "--json", identifier).events[1]
        self.assertEqual(("evicted", "stdout", 0, gone),
                         (gap["event"], gap["stream"], gap["offset"], gap["bytes"]))

    def test_output_that_was_cut_off_is_reported(self):
        identifier = self.finished("sleep 60 & echo hi", "--drain", "empty")
        result = self.run_program("logs", identifier)
        self.assertEqual((0, b"hi\n"), (result.status, result.stdout))
        self.assertIn("truncated", result.text)

    def test_an_interrupted_record_is_reported_and_is_not_a_success(self):
        running = self.start("run", "--headless", "--", "sh", "-c", "echo out; echo err >&2; exec sleep 1000")
        running.wait_for(b"out\n")
        running.wait_for(b"err\n", stream=2)
        identifier = self.scratch.journal().name
        following = self.start("logs", "--follow", identifier)
        following.wait_for(b"out\n")
        running.signal(signal.SIGKILL)
        for result in (following.finish(), self.run_program("logs", identifier)):
            self.assertEqual((125, b"out\n"), (result.status, result.stdout))
            self.assertIn("was interrupted", result.text)
            self.assertTrue(result.text.startswith("err\n"))
        events = self.run_program("logs", "--json", identifier).events
        self.assertEqual({"event": "interrupted", "id": identifier}, events[-1])

    def test_a_reader_that_goes_away_ends_it_as_it_ends_cat(self):
        identifier, _ = self.gated("while echo line; do sleep 0.01; done")
        following = self.start("logs", "--follow", identifier)
        following.wait_for(b"line\n")
        following.process.stdout.close()
        self.assertIn(following.process.wait(30), (141, -signal.SIGPIPE))

    def test_an_execution_can_be_named_in_several_ways(self):
        identifier = self.finished("echo out", "--name", "job")
        short = "-".join(identifier.split("-")[3:])
        for text in (identifier, identifier[:22], short, "job"):
            self.assert_ended(self.run_program("logs", text), 0, b"out\n")

    def test_an_unknown_or_ambiguous_name_is_one_clear_line(self):
        self.assert_failure("logs", "nothing", words=["nothing", "boxwatch ls"])
        self.assert_failure("logs", "", words="boxwatch ls")
        self.assert_failure("logs", "../../etc", words="boxwatch ls")
        first, second = self.gated(name="a", options=["--name", "job"])[0], self.gated(name="b", options=["--name", "job"])[0]
        self.assert_failure("logs", "job", words=[first, second])
        self.assert_failure("logs", os.path.commonprefix([first, second]), words=[first, second])

    def test_a_shared_name_means_the_running_execution_or_else_the_newest(self):
        for number in (1, 2):
            self.finished(f"echo {number}", "--name", "job")
        self.assert_ended(self.run_program("logs", "job"), 0, b"2\n")
        _, gate = self.gated("echo live", options=["--name", "job"])
        self.finished("echo 3", "--name", "job")
        following = self.start("logs", "-f", "job")
        following.wait_for(b"live\n")
        gate.write_text("")
        self.assert_ended(following.finish(), 0, b"live\n")
