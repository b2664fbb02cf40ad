"""Sockets that are cut: what a client has read stays read, and the rest comes."""

import json
import time

from support.case import ServerCase
from support.server import Server
from support.websocket import BINARY, CLOSE, PING, PONG, TEXT


class Cut(ServerCase):
    """A client that behaves as the SDKs were measured: status probe after a cut, then attach again."""

    def status(self, path):
        return self.request("GET", path)[1]

    def read(self, socket, stop=lambda out: False):
        """Standard output, up to the exit frame or as far as wanted; then notes and code."""
        out, notes = b"", []
        while True:
            opcode, payload = socket.receive()
            if opcode == BINARY:
                out += payload[1:]
            elif opcode == PING:
                socket.send(PONG, payload)
                if payload and stop(out):
                    return out, notes, None
            elif opcode == TEXT:
                message = json.loads(payload)
                if message["type"] == "exit":
                    return out, notes, message["exit_code"]
                notes.append(message["code"])

    def test_cut_before_any_output(self):
        for end in ("reset", "close"):
            with self.subTest(end=end):
                path = self.execute(self.create_box(), "sleep 0.3; echo first-output")
                getattr(self.attach(path), end)()
                time.sleep(1)
                self.assertEqual("running", self.status(path)["status"])
                self.assertEqual((b"first-output\n", [], 0), self.read(self.attach(path, patient=True)))

    def test_cut_in_the_middle_resumes_at_the_first_byte_not_read(self):
        for end in ("reset", "close"):
            with self.subTest(end=end):
                path = self.execute(self.create_box(), "seq 1 1000; sleep 0.7; seq 1001 2000")
                socket = self.attach(path)
                first, _, _ = self.read(socket, stop=lambda out: out.endswith(b"\n1000\n"))
                # The answer to the ping has arrived when the answer to a ping behind it has.
                socket.send(PING, b"behind")
                while socket.receive() != (PONG, b"behind"):
                    pass
                getattr(socket, end)()
                time.sleep(1.2)
                self.assertEqual("running", self.status(path)["status"])
                rest, notes, code = self.read(self.attach(path, patient=True))
                wanted = "".join(f"{number}\n" for number in range(1, 2001)).encode()
                self.assertEqual((wanted, [], 0), (first + rest, notes, code))

    def test_output_not_proved_to_be_read_is_sent_again_and_marked(self):
        path = self.execute(self.create_box(), "seq 1 1000; cat")
        socket = self.attach(path)
        while socket.receive()[0] != BINARY:
            pass
        socket.reset()
        self.assertEqual("running", self.status(path)["status"])
        again = self.attach(path, patient=True)
        again.send(TEXT, b'{"type":"stdin_eof"}')
        wanted = "".join(f"{number}\n" for number in range(1, 1001)).encode()
        self.assertEqual((wanted, ["output_may_repeat"], 0), self.read(again))

    def test_another_client_after_a_cut_gets_everything(self):
        path = self.execute(self.create_box(), "echo one; cat")
        socket = self.attach(path)
        self.read(socket, stop=lambda out: out == b"one\n")
        socket.reset()
        # Without a probe: no client has a part.
        again = self.attach(path, patient=True)
        again.send(TEXT, b'{"type":"stdin_eof"}')
        self.assertEqual((b"one\n", ["output_replayed"], 0), self.read(again))

    def test_the_end_is_reported_once_it_is_delivered(self):
        path = self.execute(self.create_box(), "echo x; exit 3")
        socket = self.attach(path)
        self.assertEqual((b"x\n", [], 3), self.read(socket))
        socket.send(CLOSE, (1000).to_bytes(2, "big"))
        deadline = time.monotonic() + 5
        while self.status(path)["status"] == "running" and time.monotonic() < deadline:
            time.sleep(0.05)
        seen = self.status(path)
        self.assertEqual(("completed", 3), (seen["status"], seen["exit_code"]))

    def test_a_server_that_ends_delivers_the_ends(self):
        server, shared = Server(), self.server
        self.addCleanup(server.close)
        self.server = server
        self.addCleanup(setattr, self, "server", shared)
        client = self.attach(self.execute(self.create_box(), "echo x; exec sleep 60"))
        self.assertEqual((b"x\n", [], None), self.read(client, stop=lambda out: out == b"x\n"))
        server.process.terminate()
        self.assertEqual((b"", [], -15), self.read(client))
        client.close()
        self.assertEqual(0, server.process.wait(20))

    def test_the_list_shows_the_true_status_meanwhile(self):
        box = self.create_box()
        path = self.execute(box, "exit 3")
        self.attach(path).reset()
        deadline = time.monotonic() + 5
        while time.monotonic() < deadline:
            listed = self.request("GET", f"/v1/boxes/{box}/executions")[1][0]
            if listed["status"] != "running":
                break
        self.assertEqual(("completed", 3), (listed["status"], listed["exit_code"]))
