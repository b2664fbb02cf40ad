"""A proxy that cuts each execution's first attach connection, at a chosen moment and in a chosen way."""

import select
import socket
import struct
import threading
import time

MOMENTS = ("before", "middle", "end")
WAYS = ("reset", "close", "frame")

#: A Close frame of a server, code 1000.
CLOSE_FRAME = b"\x88\x02\x03\xe8"


class CuttingProxy:
    """Stands between clients and a server.

    `before`: a moment after the upgrade. `middle`: a moment after output went through. `end`: instead of what holds the
    exit frame. `reset` is an RST, `close` a FIN, `frame` a WebSocket Close.
    """

    def __init__(self, port, moment, way):
        self.upstream, self.moment, self.way = port, moment, way
        self.cuts = 0
        self._seen = set()
        self._lock = threading.Lock()
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def stop(self):
        self._listener.close()

    def _accept(self):
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client):
        server = socket.create_connection(("127.0.0.1", self.upstream))
        for one in (client, server):
            one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        try:
            first = client.recv(1 << 16)
            server.sendall(first)
            self._carry(client, server, self._is_to_be_cut(first))
        except OSError:
            pass
        finally:
            client.close()
            server.close()

    def _carry(self, client, server, cuts):
        """Both directions in one thread: a socket that another thread reads would not really be closed."""
        end = None
        while end is None or time.monotonic() < end:
            ready, _, _ = select.select([client, server], [], [], None if end is None else max(0, end - time.monotonic()))
            for source in ready:
                data = source.recv(1 << 16)
                if not data:
                    return
                if cuts and source is server:
                    if self.moment == "end" and b'"exit"' in data:
                        return self._cut(client, server)
                    # Long enough for the answers to pings to come back.
                    if end is None and (self.moment == "before" or (self.moment == "middle" and b"\x01one" in data)):
                        end = time.monotonic() + 0.5
                (server if source is client else client).sendall(data)
        self._cut(client, server)

    def _is_to_be_cut(self, request):
        path = request.split(b" ", 2)[1] if request.count(b" ") > 1 else b""
        with self._lock:
            if not path.endswith(b"/attach") or path in self._seen:
                return False
            self._seen.add(path)
            return True

    def _cut(self, client, server):
        with self._lock:
            self.cuts += 1
        if self.way == "frame":
            client.sendall(CLOSE_FRAME)
        if self.way == "reset":
            for one in (client, server):
                one.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
