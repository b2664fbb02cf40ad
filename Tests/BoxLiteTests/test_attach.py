"""Attaching to an execution: which clients, when, and from where."""

import json

from support.case import ServerCase
from support.server import Server
from support.websocket import BINARY, CLOSE, PING, PONG, TEXT


class Attach(ServerCase):
    """Real clients and a plain one."""

    def read(self, socket):
        """Both streams, the codes of notes, and the exit code; checks their order."""
        streams, notes, code = {1: b"", 2: b""}, [], None
        for opcode, payload in socket.frames():
            if opcode == BINARY:
                self.assertIsNone(code, "output after the exit frame")
                self.assertLessEqual(len(payload), 65_537)
                streams[payload[0]] += payload[1:]
            elif opcode == PING:
                socket.send(PONG, payload)
            elif opcode == TEXT:
                message = json.loads(payload)
                if message["type"] == "exit":
                    self.assertIsNone(code, "two exit frames")
                    code = message["exit_code"]
                else:
                    notes.append(message["code"])
        socket.close()
        return streams[1], streams[2], notes, code

    def test_a_late_client_sees_everything(self):
        for version in self.each():
            seen = self.call(version, "late", script="echo one; echo two >&2; exit 5", readers=1)
            self.assertEqual(1, len({json.dumps(one) for one in seen}), seen)
            self.assertEqual(("one\n", "two\n", 5), (seen[0]["out"], seen[0]["err"], seen[0]["code"]))

    def test_watchers_see_everything_beside_the_one_who_runs_it(self):
        seen = self.call("0.10.8", "watched", script="for i in 1 2 3; do echo $i; sleep 0.1; done; exit 4", readers=8)
        self.assertEqual(9, len(seen))
        for one in seen:
            self.assertEqual(("1\n2\n3\n", 4), (one["out"], one["code"]), seen)

    def test_a_second_client_that_would_write_is_refused(self):
        for version in self.each():
            seen = self.call(version, "second", script="echo ready; sleep 60")
            self.assertEqual("ready\n", seen["first"])
            self.assertNotEqual(0, seen["refusal"].get("code"), seen)
        path = self.execute(self.create_box(), "cat")
        self.assertEqual(101, self.attach(path).status)
        self.assertEqual(409, self.attach(path).status)
        self.assertEqual(101, self.attach(path, "?stdin=0").status)

    def test_an_unknown_execution_is_not_found(self):
        for version in self.each():
            seen = self.call(version, "fails", attach="no-such-execution")
            self.assertIsNotNone(seen["type"] or None, seen)
        one, other = self.create_box(), self.create_box()
        path = self.execute(one, "true")
        self.assertEqual(404, self.attach(path.replace(one, other)).status)

    def test_a_ping_is_the_first_frame_and_exit_the_last(self):
        socket = self.attach(self.execute(self.create_box(), "echo x; exit 3"))
        self.assertEqual((PING, b""), socket.receive())
        self.assertEqual((b"x\n", b"", [], 3), self.read(socket))

    def test_pings_are_answered_also_after_the_exit_frame(self):
        socket = self.attach(self.execute(self.create_box(), "exit 0"))
        for opcode, payload in socket.frames(until=TEXT):
            if opcode == TEXT:
                self.assertEqual("exit", json.loads(payload)["type"])
        socket.send(PING, b"still there?")
        self.assertIn((PONG, b"still there?"), list(socket.frames(until=PONG)))

    def test_offsets_are_exact(self):
        path = self.execute(self.create_box(), "printf 0123456789; printf abcdef >&2")
        self.assertEqual((b"0123456789", b"abcdef", [], 0), self.read(self.attach(path)))
        for out, err in ((0, 0), (4, 0), (10, 6), (0, 5), (99, 99)):
            seen = self.read(self.attach(path, f"?from_stdout={out}&from_stderr={err}", patient=True))
            self.assertEqual((b"0123456789"[out:], b"abcdef"[err:], [], 0), seen)

    def test_only_zero_and_one_are_taken_for_stdin(self):
        path = self.execute(self.create_box(), "sleep 1")
        for query in ("?stdin=False", "?stdin=2", "?stdin", "?from_stdout=x"):
            self.assertEqual(400, self.attach(path, query).status)
        self.assertEqual(101, self.attach(path, "?stdin=1").status)

    def test_a_watcher_cannot_write(self):
        path = self.execute(self.create_box(), "cat")
        for text in ({"type": "stdin_eof"}, {"type": "signal", "sig": 15}, {"type": "resize", "rows": 1, "cols": 1}):
            socket = self.attach(path, "?stdin=0")
            for _ in range(3):
                socket.send(TEXT, json.dumps(text).encode())
            socket.send(BINARY, b"secret")
            *before, (_, close) = socket.frames()
            notes = [json.loads(payload)["code"] for opcode, payload in before if opcode == TEXT]
            self.assertEqual(["read_only_attach"] * 2, notes)
            self.assertEqual(1008, int.from_bytes(close[:2], "big"))
        writer = self.attach(path)
        writer.send(TEXT, b'{"type":"stdin_eof"}')
        self.assertEqual((b"", b"", [], 0), self.read(writer))

    def test_wrong_control_frames_are_answered_and_change_nothing(self):
        socket = self.attach(self.execute(self.create_box(), "cat"))
        for text in (b"{", b"{}", b'{"type":"x"}', b'{"type":"resize","rows":0,"cols":1}', b'{"type":"signal","sig":9}'):
            socket.send(TEXT, text)
        socket.send(BINARY, b"still\n")
        socket.send(TEXT, b'{"type":"stdin_eof"}')
        self.assertEqual((b"still\n", b"", ["invalid_argument"] * 5, 0), self.read(socket))

    def test_fragments_are_put_together_and_unmasked_frames_refused(self):
        path = self.execute(self.create_box(), "cat")
        socket = self.attach(path)
        socket.send(BINARY, b"one ", final=False)
        socket.send(0, b"message\n")
        socket.send(TEXT, b'{"type":"stdin_eof"}')
        self.assertEqual((b"one message\n", b"", [], 0), self.read(socket))
        socket = self.attach(path, "?stdin=0")
        socket.send(TEXT, b"{}", masked=False)
        *_, (_, close) = socket.frames()
        self.assertEqual(1002, int.from_bytes(close[:2], "big"))

    def test_binary_output_is_untouched(self):
        path = self.execute(self.create_box(), "printf '\\000\\377\\303'; sleep 0.5; printf '\\251\\200\\342\\202'")
        self.assertEqual((b"\0\xff\xc3\xa9\x80\xe2\x82", b"", [], 0), self.read(self.attach(path)))

    def test_half_a_character_comes_when_nothing_follows(self):
        socket = self.attach(self.execute(self.create_box(), "printf '\\303'; cat"))
        while socket.receive()[0] != BINARY:
            pass
        socket.send(TEXT, b'{"type":"stdin_eof"}')
        self.assertEqual((b"", b"", [], 0), self.read(socket))

    def test_a_client_that_reads_nothing_does_not_delay_others(self):
        # This server does not disconnect it: runs that waited for it would not end.
        server, shared = Server("--write-timeout", "30m", "--silence", "30m"), self.server
        self.addCleanup(server.close)
        self.server = server
        self.addCleanup(setattr, self, "server", shared)
        box = self.create_box()
        stuck = self.attach(self.execute(box, "yes | head -c 50000000; sleep 60"))
        for version in self.each():
            seen = self.call(version, "many", count=50, width=4, pattern="all_at_once", script="echo {}", out="{}\n", err="")
            self.assertEqual(0, seen["wrong"], seen)
        stuck.reset()

    def test_a_close_frame_is_answered_and_its_place_is_free(self):
        path = self.execute(self.create_box(), "echo x; cat")
        socket = self.attach(path)
        while socket.receive()[0] != BINARY:
            pass
        socket.send(CLOSE, (1000).to_bytes(2, "big"))
        self.assertEqual(CLOSE, list(socket.frames())[-1][0])
        again = self.attach(path, patient=True)
        again.send(TEXT, b'{"type":"stdin_eof"}')
        self.assertEqual((b"x\n", b"", ["output_replayed"], 0), self.read(again))
