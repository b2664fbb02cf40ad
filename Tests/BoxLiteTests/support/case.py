"""The base of the test cases: one server for a class."""

import http.client
import json
import time
import unittest

from .clients import VERSIONS, call
from .server import Server
from .websocket import WebSocket


class ServerCase(unittest.TestCase):
    """Starts a server, and calls real clients on it."""

    versions = VERSIONS

    @classmethod
    def start_server(cls):
        return Server()

    @classmethod
    def setUpClass(cls):
        cls.server = cls.start_server()
        cls.addClassCleanup(cls.server.close)

    def call(self, version, scenario, **parameters):
        """One scenario with one real client."""
        return call(version, self.server.url, scenario, **parameters)

    def each(self, **parameters):
        """Every client version; a failure names it."""
        for version in self.versions:
            self.context = {"version": version, **parameters}
            yield version
        self.context = None

    context = None

    def _formatMessage(self, msg, standardMsg):
        message = super()._formatMessage(msg, standardMsg)
        return f"{self.context}: {message}" if self.context else message

    def request(self, method, path, body=None, headers=None):
        """One plain HTTP request: status, and the body as JSON."""
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=30)
        try:
            data = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
            connection.request(method, path, data, headers or {})
            answer = connection.getresponse()
            text = answer.read()
            return answer.status, json.loads(text) if text else None
        finally:
            connection.close()

    def attach(self, path, query="", patient=False):
        """A plain client; a patient one retries until the server has noticed that the one before has gone."""
        deadline = time.monotonic() + 10
        while True:
            socket = WebSocket(self.server.port, f"{path}/attach{query}")
            self.addCleanup(socket.close)
            if not patient or socket.status != 409 or time.monotonic() > deadline:
                return socket
            socket.close()

    def create_box(self, **fields):
        """A box's identifier."""
        status, box = self.request("POST", "/v1/boxes", {"image": "x", **fields})
        self.assertEqual(201, status)
        return box["box_id"]

    def execute(self, box, script, **fields):
        """An execution's path."""
        status, body = self.request("POST", f"/v1/boxes/{box}/exec", {"command": "sh", "args": ["-c", script], **fields})
        self.assertEqual(201, status, body)
        return f"/v1/boxes/{box}/executions/{body['execution_id']}"
