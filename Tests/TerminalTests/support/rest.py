"""A client of BoxLite's REST API, as small as it can be: HTTP, and an attach over a WebSocket (RFC 6455) by hand."""

import base64
import http.client
import json
import os
import socket
import struct
import threading

from .deadline import DEADLINE

BINARY, CLOSE, PING, PONG = 2, 8, 9, 10


class RestClient:
    """Makes a box, runs commands in it, and reads their output on threads of its own."""

    def __init__(self, port):
        self.port = port
        self.box = self.request("POST", "/v1/boxes", {"name": f"box-{os.urandom(4).hex()}", "image": "none"})["box_id"]

    def request(self, method, path, body=None):
        """The reply's JSON; fails for a status of 400 and more."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=DEADLINE)
        try:
            data = None if body is None else json.dumps(body)
            connection.request(method, path, data, {"Content-Type": "application/json"})
            reply = connection.getresponse()
            content = reply.read()
        finally:
            connection.close()
        if reply.status >= 400:
            raise AssertionError(f"{method} {path}: {reply.status} {content!r}")
        return json.loads(content) if content else None

    def run(self, *command):
        """Starts a command and returns its execution's identifier."""
        return self.request("POST", f"/v1/boxes/{self.box}/exec",
                            {"command": command[0], "args": list(command[1:])})["execution_id"]

    def attach(self, execution):
        """Attaches to an execution."""
        return Attach(self.port, f"/v1/boxes/{self.box}/executions/{execution}/attach")

    def run_attached(self, *command):
        """Starts a command and attaches to it."""
        return self.attach(self.run(*command))

    def run_split(self, *command):
        """Starts a command and attaches to it, its streams apart."""
        return SplitAttach(self.port, f"/v1/boxes/{self.box}/executions/{self.run(*command)}/attach")


class Attach:
    """One attach connection; what it brings is collected until the server closes it."""

    def __init__(self, port, path):
        self.output = b""
        self.exit = None
        #: What the server said of errors, such as output that is not whole.
        self.errors = []
        self._buffer = b""
        self._socket = socket.create_connection(("127.0.0.1", port), DEADLINE)
        key = base64.b64encode(os.urandom(16)).decode()
        self._socket.sendall((f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                              f"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {key}\r\n\r\n").encode())
        while b"\r\n\r\n" not in self._buffer:
            self._fill()
        head, _, self._buffer = self._buffer.partition(b"\r\n\r\n")
        if b" 101 " not in head.split(b"\r\n")[0]:
            raise AssertionError(f"the attach was refused: {head!r}")
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def _fill(self):
        data = self._socket.recv(1 << 16)
        if not data:
            raise EOFError
        self._buffer += data

    def _take(self, count):
        while len(self._buffer) < count:
            self._fill()
        data, self._buffer = self._buffer[:count], self._buffer[count:]
        return data

    def _read(self):
        try:
            while True:
                first, length = self._take(2)
                length &= 0x7F
                if length >= 126:
                    length = int.from_bytes(self._take(2 if length == 126 else 8), "big")
                self._frame(first & 0x0F, self._take(length))
        except (EOFError, OSError):
            pass
        finally:
            self._socket.close()

    def _frame(self, kind, payload):
        if kind == BINARY:
            self.output += payload[1:]
        elif kind == PING:
            self._send(PONG, payload)
        elif kind == CLOSE:
            self._send(CLOSE, payload)
        elif b'"exit"' in payload:
            self.exit = json.loads(payload)
        elif b'"error"' in payload:
            self.errors.append(json.loads(payload).get("message", ""))

    def _send(self, kind, payload):
        mask = os.urandom(4)
        masked = bytes(byte ^ mask[index % 4] for index, byte in enumerate(payload))
        self._socket.sendall(struct.pack("BB", 0x80 | kind, 0x80 | len(payload)) + mask + masked)

    def finish(self):
        """Reads to the end and returns the exit message."""
        self._thread.join(DEADLINE)
        return self.exit


class SplitAttach(Attach):
    """An attach that keeps the streams apart."""

    def __init__(self, port, path):
        self.streams = {1: bytearray(), 2: bytearray()}
        super().__init__(port, path)

    def _frame(self, kind, payload):
        if kind == BINARY:
            self.streams[payload[0]] += payload[1:]
        else:
            super()._frame(kind, payload)
