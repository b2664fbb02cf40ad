"""A WebSocket client that can misbehave (RFC 6455) in ways in which the SDKs cannot."""

import base64
import os
import socket
import struct

TEXT, BINARY, CLOSE, PING, PONG = 1, 2, 8, 9, 10


class WebSocket:
    """One connection; `status` is 101 when it was upgraded, else the refusal's."""

    def __init__(self, port, path, headers=(), timeout=30):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout)
        key = base64.b64encode(os.urandom(16)).decode()
        lines = [f"GET {path} HTTP/1.1", "Host: localhost", "Connection: Upgrade", "Upgrade: websocket",
                 "Sec-WebSocket-Version: 13", f"Sec-WebSocket-Key: {key}", *headers, "", ""]
        self.socket.sendall("\r\n".join(lines).encode())
        self._buffer = b""
        head = self._until(b"\r\n\r\n").decode()
        self.status = int(head.split()[1])
        self.head = head

    def _until(self, mark):
        while mark not in self._buffer:
            self._fill()
        head, _, self._buffer = self._buffer.partition(mark)
        return head

    def _fill(self):
        data = self.socket.recv(1 << 16)
        if not data:
            raise EOFError
        self._buffer += data

    def _take(self, count):
        while len(self._buffer) < count:
            self._fill()
        data, self._buffer = self._buffer[:count], self._buffer[count:]
        return data

    def receive(self):
        """The next frame: opcode and payload."""
        first, second = self._take(2)
        length = second & 0x7F
        if length == 126:
            length = struct.unpack(">H", self._take(2))[0]
        elif length == 127:
            length = struct.unpack(">Q", self._take(8))[0]
        return first & 0x0F, self._take(length)

    def send(self, opcode, payload=b"", masked=True, final=True):
        """Sends one frame."""
        head = bytes([opcode | (0x80 if final else 0)])
        mark = 0x80 if masked else 0
        if len(payload) < 126:
            head += bytes([mark | len(payload)])
        elif len(payload) < 1 << 16:
            head += bytes([mark | 126]) + struct.pack(">H", len(payload))
        else:
            head += bytes([mark | 127]) + struct.pack(">Q", len(payload))
        if masked:
            mask = os.urandom(4)
            payload = mask + bytes(byte ^ mask[index % 4] for index, byte in enumerate(payload))
        self.socket.sendall(head + payload)

    def frames(self, until=CLOSE):
        """All frames up to one of this kind, with it."""
        while True:
            frame = self.receive()
            yield frame
            if frame[0] == until:
                return

    def reset(self):
        """Closes the connection with a reset, as a crash does."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.socket.close()

    def close(self):
        self.socket.close()
