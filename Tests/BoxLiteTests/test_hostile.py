"""Clients that send and never read, or hold connections open, and a server that does so: memory stays bounded."""

import base64
import contextlib
import hashlib
import pathlib
import resource
import socket
import subprocess
import tempfile
import threading
import unittest

from support.case import ServerCase
from support.server import BOXWATCH, Server
from support.websocket import PING, TEXT, WebSocket

#: A flood's bytes at most.
FLOOD = 48 << 20
#: How often in a row the other end must leave a full socket unread, 0.2 s each, before a flood is given up.
STALLS = 15
#: Seconds after which an answer is missing.
DEADLINE = 60


def resident(pid):
    """KiB of memory, as proc(5) has it."""
    for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1])
    return 0


def may_cost(sent):
    """KiB that a flood of so many bytes may cost: what is kept of each frame would be more than the frame."""
    return (6 << 10) + (sent >> 12)


def highest(pid):
    """The most KiB of memory that a process ever had."""
    for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1])
    return 0


def frame(opcode, payload):
    """A client's frame, masked with zeros."""
    return bytes([0x80 | opcode, 0x80 | len(payload), 0, 0, 0, 0]) + payload


def flood(connection, piece):
    """Sends the same bytes again and again, and reads nothing; returns how many bytes were taken."""
    connection.settimeout(0.2)
    block, sent, stalls = piece * max(1, (64 << 10) // len(piece)), 0, 0
    while sent < FLOOD and stalls < STALLS:
        try:
            sent += connection.send(block)
            stalls = 0
        except TimeoutError:
            stalls += 1
        except OSError:
            break
    return sent


class NeverReading(ServerCase):
    """One client at a time, each with a flood of its own kind."""

    def assert_cheap(self, connection, piece):
        before = resident(self.server.process.pid)
        sent = flood(connection, piece)
        grown = highest(self.server.process.pid) - before
        self.assertGreater(sent, 1 << 20)
        self.assertLess(grown, may_cost(sent), f"{sent >> 10} KiB sent")
        # It answers others meanwhile, and after.
        self.assertEqual(200, self.request("GET", "/v1/boxes")[0])

    def attached(self, script="cat", query=""):
        client = self.attach(self.execute(self.create_box(), script), query)
        # The kernel would hold megabytes of answers for a client that does not read.
        client.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        return client

    def test_pings(self):
        self.assert_cheap(self.attached().socket, frame(PING, b"p" * 125))

    def test_empty_pings(self):
        self.assert_cheap(self.attached().socket, frame(PING, b""))

    def test_control_messages_that_are_refused(self):
        self.assert_cheap(self.attached().socket, frame(TEXT, b"{}"))

    def test_pings_after_the_end(self):
        self.assert_cheap(self.attached("yes | head -c 3000000").socket, frame(PING, b"p" * 125))

    def test_pings_of_one_that_only_watches(self):
        self.assert_cheap(self.attached(query="?stdin=0").socket, frame(PING, b"p" * 125))

    def test_requests_one_behind_the_other(self):
        self.create_box(labels={"much": "x" * 100_000})
        connection = socket.create_connection(("127.0.0.1", self.server.port), 30)
        self.addCleanup(connection.close)
        self.assert_cheap(connection, b"GET /v1/boxes HTTP/1.1\r\nHost: localhost\r\n\r\n")

    def test_what_it_sends_for_the_command_is_still_taken(self):
        """A client that writes all before it reads is not cut off for it."""
        client = self.attached("cat >/dev/null; yes | head -c 3000000; echo end")
        for _ in range(200):
            client.send(2, b"i" * 50_000)
        client.send(TEXT, b'{"type":"stdin_eof"}')
        output = b"".join(payload[1:] for opcode, payload in client.frames() if opcode == 2)
        self.assertEqual(3_000_004, len(output))


class Strangers(ServerCase):
    """Connections that send no key."""

    @classmethod
    def start_server(cls):
        return Server("--api-key", "the-key", "--max-strangers", "8", "--max-strangers-per-address", "4",
                      "--max-sockets", "6", "--key-timeout", "2s")

    def idle(self, address="127.0.0.1"):
        connection = socket.create_connection(("127.0.0.1", self.server.port), 30, (address, 0))
        self.addCleanup(connection.close)
        return connection

    def ask(self, connection, key="the-key"):
        """One request on a connection that stays open; the status, or None when the server closed it."""
        try:
            connection.sendall(b"GET /v1/boxes HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + key.encode() +
                               b"\r\n\r\n")
            return int(connection.recv(65_536).split()[1])
        except (OSError, IndexError):
            return None

    def test_a_client_with_the_key_is_answered_among_many_without(self):
        known = self.idle("127.0.0.9")
        self.assertEqual(200, self.ask(known))
        strangers = [self.idle(f"127.0.0.{number % 100 + 20}") for number in range(400)]
        self.assertEqual(200, self.ask(known))
        self.assertEqual(200, self.ask(self.idle("127.0.0.9")))
        # All but the newest eight were hung up on.
        over = sum(self.is_over(connection) for connection in strangers[:-8])
        self.assertEqual(392, over)

    def is_over(self, connection):
        """Whether the server has closed it, or does so before the deadline of a test."""
        connection.settimeout(DEADLINE)
        try:
            return connection.recv(1) == b""
        except ConnectionError:
            return True

    def test_one_address_takes_its_own_places_only(self):
        other = self.idle("127.0.0.10")
        for _ in range(50):
            self.idle("127.0.0.11")
        self.assertEqual(200, self.ask(other))

    def test_a_client_that_sends_no_key_in_time_is_disconnected(self):
        self.assertTrue(self.is_over(self.idle()))

    def test_a_thousand_clients_that_come_at_once_are_all_answered(self):
        server = Server("--api-key", "the-key")
        self.addCleanup(server.close)
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(8192, hard), hard))
        self.addCleanup(resource.setrlimit, resource.RLIMIT_NOFILE, (soft, hard))

        with contextlib.ExitStack() as stack:
            clients = []
            for _ in range(1000):
                clients.append(stack.enter_context(socket.create_connection(("127.0.0.1", server.port), 60)))
                clients[-1].sendall(b"GET /v1/boxes HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer the-key\r\n\r\n")
            self.assertEqual({b"HTTP/1.1 200"}, {client.recv(12, socket.MSG_WAITALL) for client in clients})

    def test_authenticated_clients_are_counted_apart(self):
        with contextlib.ExitStack() as stack:
            known = [stack.enter_context(self.idle(f"127.0.1.{number + 1}")) for number in range(7)]
            answers = [self.ask(connection) for connection in known]
        self.assertEqual([200] * 6 + [429], answers)


class FloodingServer(unittest.TestCase):
    """Our own client, attached to a server that pings and never reads."""

    def serve(self, listener, begun, over):
        """Answers what an attach asks for, and floods."""
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=self.answer, args=(connection, begun, over), daemon=True).start()

    def answer(self, connection, begun, over):
        text = b""
        while b"\r\n\r\n" not in text:
            piece = connection.recv(65_536)
            if not piece:
                return
            text += piece
        head = text.decode()
        if "Upgrade: websocket" not in head and "upgrade: websocket" not in head.lower():
            body = b'{"execution_id":"e","status":"running","command":"x"}'
            if "/config" in head:
                body = b'{"capabilities":{}}'
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: " +
                               str(len(body)).encode() + b"\r\n\r\n" + body)
            connection.close()
            return
        key = next(line.split(": ")[1] for line in head.split("\r\n") if line.lower().startswith("sec-websocket-key"))
        accept = base64.b64encode(hashlib.sha1((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").encode()).digest())
        connection.sendall(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                           b"Sec-WebSocket-Accept: " + accept + b"\r\n\r\n")
        begun.set()
        over.append(flood(connection, bytes([0x89, 125]) + b"p" * 125))
        connection.close()

    def test_pings_cost_the_client_nothing(self):
        listener = socket.create_server(("127.0.0.1", 0))
        self.addCleanup(listener.close)
        begun, over = threading.Event(), []
        server = threading.Thread(target=self.serve, args=(listener, begun, over), daemon=True)
        server.start()
        with tempfile.TemporaryDirectory() as folder:
            client = subprocess.Popen(
                [BOXWATCH, "attach", "--headless", "--no-stdin", f"boxlite://127.0.0.1:{listener.getsockname()[1]}/b/e"],
                stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                env={"XDG_STATE_HOME": folder, "HOME": folder, "PATH": "/usr/bin:/bin", "SWIFT_BACKTRACE": "enable=no"})
            self.assertTrue(begun.wait(30))
            before = resident(client.pid)
            server.join(DEADLINE)
            most = highest(client.pid) if client.poll() is None else 0
            client.kill()
            words = client.communicate()[1]
        self.assertTrue(over, words)
        self.assertGreater(over[0], 1 << 20)
        self.assertLess(most - before, may_cost(over[0]))
