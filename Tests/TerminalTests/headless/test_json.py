"""`--json`: every event, one object a line, in the engine's order (P1)."""

import base64
import os

from support import ProgramCase


def content(events, stream):
    """A stream's bytes, joined from its events."""
    return b"".join(
        event["text"].encode() if "text" in event else base64.b64decode(event["base64"], validate=True)
        for event in events if event["event"] == stream)


class JSONTests(ProgramCase):
    def run_json(self, script, *options, **more):
        result = self.run_script(script, "--json", *options, **more)
        self.assert_order(result.events)
        return result

    def assert_order(self, events):
        """started, then output, then exited somewhere, then exit, then waits; numbers never falling."""
        kinds = [event["event"] for event in events]
        self.assertEqual("started", kinds[0])
        end = kinds.index("exit")
        self.assertLess(kinds.index("exited"), end)
        self.assertEqual({"wait"}, set(kinds[end + 1:]))
        self.assertEqual({"stdout", "stderr", "exited"} | set(kinds[1:end]), {"stdout", "stderr", "exited"})
        self.assertEqual([1, 1, 1], [kinds.count(kind) for kind in ("started", "exited", "exit")])
        numbers = [event["seq"] for event in events]
        self.assertEqual(sorted(numbers), numbers)
        times = [event["time"] for event in events]
        self.assertEqual(sorted(times), times)

    def test_a_whole_run_is_reported_in_order(self):
        events = self.run_json("echo out; echo err >&2; exit 3").events
        self.assertEqual((b"out\n", b"err\n"), (content(events, "stdout"), content(events, "stderr")))
        exit_event = next(event for event in events if event["event"] == "exit")
        wanted = {"code": 3, "status": "exit 3", "complete": True, "truncated": [], "stdout_bytes": 4,
                  "stderr_bytes": 4, "evicted_bytes": 0}
        self.assertEqual(wanted, {key: exit_event[key] for key in wanted})

    def test_started_names_the_command_the_box_and_the_process(self):
        events = self.run_json("echo $$").events
        started = events[0]
        self.assertEqual(b"%d\n" % started["pid"], content(events, "stdout"))
        self.assertEqual(["sh", "-c", "echo $$"], started["command"])
        self.assertEqual("local", started["box"])

    def test_stdout_has_nothing_but_json_and_stderr_nothing(self):
        result = self.run_json("echo err >&2")
        self.assertEqual(b"", result.stderr)
        self.assertEqual(b"err\n", content(result.events, "stderr"))

    def test_exit_status_is_the_commands(self):
        self.assertEqual(9, self.run_json("exit 9").status)

    def test_a_signal_is_named(self):
        result = self.run_json("kill -TERM $$")
        exited = next(event for event in result.events if event["event"] == "exited")
        self.assertEqual(("SIGTERM", 143, 15), (exited["status"], exited["code"], exited["signal"]))
        self.assertEqual(143, result.status)

    def test_bytes_that_are_not_text_are_base64_and_reassemble(self):
        path = self.scratch.write("bytes", bytes(range(256)) * 300)
        events = self.run_json(f"cat {path}").events
        self.assertEqual(bytes(range(256)) * 300, content(events, "stdout"))
        self.assertTrue(any("base64" in event for event in events))

    def test_every_character_of_json_is_escaped_right(self):
        text = "".join(map(chr, range(0, 0xD800, 7))) + "\"\\/\u2028\u2029\x7f🙂"
        path = self.scratch.write("text", text)
        events = self.run_json(f"cat {path}").events
        self.assertEqual(text.encode(), content(events, "stdout"))
        self.assertTrue(all("text" in event for event in events if event["event"] == "stdout"))

    def test_a_character_split_over_two_writes_is_whole_again(self):
        first, second = "ä€🙂".encode()[:-2], "ä€🙂".encode()[-2:]
        left, right = self.scratch.write("left", first), self.scratch.write("right", second)
        gate = self.scratch.fifo()
        running = self.start("run", "--json", "--", "sh", "-c", f"cat {left}; cat {gate} >/dev/null; cat {right}")
        running.wait_for("ä€".encode())
        gate.write_bytes(b"go")
        events = running.finish().events
        self.assert_order(events)
        self.assertEqual("ä€🙂", "".join(event["text"] for event in events if event["event"] == "stdout"))

    def test_half_a_character_at_the_end_is_not_lost(self):
        path = self.scratch.write("half", "x🙂".encode()[:-1])
        self.assertEqual("x🙂".encode()[:-1], content(self.run_json(f"cat {path}").events, "stdout"))

    def test_offsets_say_where_in_the_stream_each_piece_is(self):
        path = self.scratch.write("text", "äöü€🙂" * 50_000)
        events = self.run_json(f"cat {path}").events
        at = 0
        for event in (event for event in events if event["event"] == "stdout"):
            self.assertEqual(at, event.get("offset", at))
            at += len(event["text"].encode())
        self.assertEqual(path.stat().st_size, at)

    def test_random_megabytes_reassemble(self):
        path = self.scratch.write("random", os.urandom(5_000_000))
        events = self.run_json(f"cat {path} & cat {path} >&2; wait", deadline=60).events
        self.assertTrue(content(events, "stdout") == path.read_bytes())
        self.assertTrue(content(events, "stderr") == path.read_bytes())

    def test_events_come_as_they_happen(self):
        gate = self.scratch.fifo()
        running = self.start("run", "--json", "--", "sh", "-c", f"echo first; cat {gate}")
        running.wait_for(b'"text":"first\\n"')
        gate.write_bytes(b"")
        self.assert_order(running.finish().events)

    def test_draining_shows_exited_long_before_exit(self):
        gate = self.scratch.fifo()
        running = self.start("run", "--json", "--", "sh", "-c", f"cat {gate} & exit 4")
        running.wait_for(b'"event":"exited"')
        self.assertNotIn(b'"event":"exit",', running.taken())
        gate.write_bytes(b"late")
        result = running.finish()
        self.assert_order(result.events)
        self.assertEqual((4, b"late"), (result.status, content(result.events, "stdout")))

    def test_truncation_names_the_stream(self):
        result = self.run_json("sleep 1000 2>/dev/null & echo hi", "--drain", "idle=100ms,max=300ms")
        exit_event = next(event for event in result.events if event["event"] == "exit")
        self.assertEqual((False, ["stdout"]), (exit_event["complete"], exit_event["truncated"]))
        self.assertEqual(b"hi\n", content(result.events, "stdout"))

    def test_several_commands_have_one_order_each(self):
        result = self.run_command("echo", "one", "---", "echo", "two", options=["--json"])
        for identifier in {event["id"] for event in result.events}:
            self.assert_order([event for event in result.events if event["id"] == identifier])
        self.assertEqual({"one\n", "two\n"}, {event["text"] for event in result.events if "text" in event})

    def test_a_command_that_cannot_start_is_reported_too(self):
        result = self.run_command("no-such-command", options=["--json"])
        self.assertEqual(127, result.status)
        exit_event = next(event for event in result.events if event["event"] == "exit")
        self.assertEqual(("not found", 127), (exit_event["status"], exit_event["code"]))
