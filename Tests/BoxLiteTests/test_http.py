"""Plain requests: words, limits and refusals."""

import contextlib
import json
import pathlib
import resource
import socket
import subprocess
import tempfile
import time

from support.case import ServerCase
from support.server import BOXWATCH, Server
from support.websocket import WebSocket


class Plain(ServerCase):
    """Without a key."""

    def assert_error(self, answer, status, code, *words):
        self.assertEqual(status, answer[0], answer)
        self.assertEqual(code, answer[1]["error"]["code"])
        for word in words:
            self.assertIn(word, answer[1]["error"]["message"])

    def test_errors_name_the_field(self):
        box = self.create_box()
        for body, word in (({}, "'command'"), ({"command": 1}, "'command'"), ({"command": "a", "args": [1]}, "'args[0]'"),
                           ({"command": "a", "env": []}, "'env'"), ({"command": "a", "timeout_seconds": -1}, "'timeout")):
            self.assert_error(self.request("POST", f"/v1/boxes/{box}/exec", body), 400, "invalid_argument", word)
        self.assert_error(self.request("POST", f"/v1/boxes/{box}/exec", b"{"), 400, "invalid_argument", "JSON")

    def test_what_there_is_not(self):
        for path in ("/", "/v1/boxes/none", "/v1/boxes/../../etc/passwd", "/v1/boxes/%2e%2e", "/v1/default/boxes/none",
                     "/v1/boxes/none/executions/..%2f..%2fx"):
            self.assert_error(self.request("GET", path), 404, "not_found")
        self.assertEqual(404, self.request("HEAD", "/v1/boxes/none")[0])
        self.assertEqual(405, self.request("DELETE", "/v1/boxes")[0])

    def test_names_labels_and_image_are_kept(self):
        box = self.create_box(name="kept", labels={"a": "b"}, image="alpine:3")
        seen = self.request("GET", "/v1/default/boxes/kept")[1]
        self.assertEqual((box, "kept", {"a": "b"}, "alpine:3"),
                         (seen["box_id"], seen["name"], seen["labels"], seen["image"]))
        self.assert_error(self.request("POST", "/v1/boxes", {"image": "x", "name": "kept"}), 409, "already_exists")

    def test_a_running_box_is_removed_by_force_only(self):
        box = self.create_box()
        path = self.execute(box, "sleep 60")
        self.assert_error(self.request("DELETE", f"/v1/boxes/{box}"), 409, "invalid_state", "force")
        self.assertEqual(204, self.request("DELETE", f"/v1/boxes/{box}?force=true")[0])
        self.assertEqual(404, self.request("GET", f"/v1/boxes/{box}")[0])
        self.assertIn(self.request("GET", path)[0], (200, 404))

    def test_executions_are_listed(self):
        box = self.create_box()
        path = self.execute(box, "sleep 60")
        (one,) = self.request("GET", f"/v1/boxes/{box}/executions")[1]
        self.assertEqual(("running", "sh -c sleep 60", False), (one["status"], one["command"], one["attached"]))
        self.assertEqual(204, self.request("DELETE", path)[0])
        deadline = time.monotonic() + 10
        while self.request("GET", path)[1]["status"] == "running" and time.monotonic() < deadline:
            time.sleep(0.02)
        self.assertEqual("killed", self.request("GET", path)[1]["status"])

    def test_input_in_the_request_is_written_and_closed(self):
        path = self.execute(self.create_box(), "cat", stdin="hello")
        client = WebSocket(self.server.port, f"{path}/attach")
        self.addCleanup(client.close)
        self.assertIn((2, b"\x01hello"), list(client.frames()))

    def test_a_large_body_is_refused(self):
        status, body = self.request("POST", "/v1/boxes", b'{"image":"' + b"x" * 5_000_000 + b'"}')
        self.assertEqual((413, "the body is larger than 4194304 bytes"), (status, body["error"]["message"]))

    def raw(self, data):
        with socket.create_connection(("127.0.0.1", self.server.port), 30) as connection:
            connection.sendall(data)
            answer = b""
            while chunk := connection.recv(1 << 16):
                answer += chunk
            return answer

    def test_what_is_no_http_is_answered_once(self):
        self.assertTrue(self.raw(b"hello\r\n\r\n").startswith(b"HTTP/1.1 400 "))
        answer = self.raw(b"GET /v1/config HTTP/1.1\r\nHost: x\r\nX: " + b"y" * 200_000 + b"\r\n\r\n")
        self.assertTrue(answer.startswith(b"HTTP/1.1 431 "), answer[:100])
        self.assertIn("too large", json.loads(answer.partition(b"\r\n\r\n")[2])["error"]["message"])

    def test_a_frame_beyond_the_limit_closes(self):
        client = WebSocket(self.server.port, f"{self.execute(self.create_box(), 'cat')}/attach")
        self.addCleanup(client.close)
        client.socket.sendall(bytes([0x82, 0xFF]) + (1 << 40).to_bytes(8, "big") + b"mask")
        *_, (_, close) = client.frames()
        self.assertEqual(1009, int.from_bytes(close[:2], "big"))

    def test_idle_connections_are_counted_and_the_next_is_told(self):
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(4096, hard), hard))
        self.addCleanup(resource.setrlimit, resource.RLIMIT_NOFILE, (soft, hard))
        with contextlib.ExitStack() as idle:
            for _ in range(1024):
                idle.enter_context(socket.create_connection(("127.0.0.1", self.server.port), 30))
            deadline = time.monotonic() + 20
            # The server may have to accept them first.
            while (answer := self.request("GET", "/v1/boxes"))[0] == 200 and time.monotonic() < deadline:
                pass
            self.assert_error(answer, 429, "resource_exhausted", "1024")
        deadline = time.monotonic() + 10
        while self.request("GET", "/v1/boxes")[0] != 200:
            self.assertLess(time.monotonic(), deadline)

    def test_attach_without_an_upgrade_says_so(self):
        path = self.execute(self.create_box(), "true")
        self.assert_error(self.request("GET", f"{path}/attach"), 400, "invalid_argument", "WebSocket")


class WithKey(ServerCase):
    """With a key from the environment, which commands must not see."""

    @classmethod
    def start_server(cls):
        return Server(environment={"BOXWATCH_API_KEY": "the-key"})

    def test_the_key_opens_and_nothing_else_does(self):
        self.assertEqual(200, self.request("GET", "/v1/config")[0])
        for header in ({}, {"Authorization": "Bearer wrong"}, {"Authorization": "the-key"}):
            self.assertEqual(401, self.request("GET", "/v1/boxes", headers=header)[0])
        self.assertEqual(200, self.request("GET", "/v1/boxes", headers={"Authorization": "Bearer the-key"})[0])

    def test_attach_needs_it_too(self):
        client = WebSocket(self.server.port, "/v1/boxes/b/executions/e/attach")
        self.addCleanup(client.close)
        self.assertEqual(401, client.status)

    def test_real_clients_show_it(self):
        for version in self.each():
            seen = self.call(version, "run", command="sh", args=["-c", "echo in; env | grep -c the-key"], key="the-key")
            self.assertEqual("in\n0\n", seen["out"])
            self.assertIsNotNone(self.call(version, "fails", key="wrong")["type"])


class Listening(ServerCase):
    """Where it may listen."""

    def refused(self, *arguments):
        run = subprocess.run([BOXWATCH, "serve", *arguments], capture_output=True, timeout=30, check=False)
        self.assertNotEqual(0, run.returncode)
        return run.stderr.decode()

    def test_beyond_this_machine_only_with_a_key(self):
        self.assertIn("--insecure", self.refused("--headless", "--listen", "0.0.0.0:0"))
        for arguments in (("--insecure",), ("--api-key", "k")):
            server = Server(*arguments, listen="0.0.0.0:0")
            self.addCleanup(server.close)
            self.assertTrue(server.address.startswith("0.0.0.0:"))

    def test_a_taken_port_is_told(self):
        refusal = self.refused("--headless", "--listen", self.server.address)
        self.assertIn(f"cannot listen at {self.server.address}: somebody else does; choose another port", refusal)

    def test_a_file_in_the_sockets_place_is_told_and_kept(self):
        with tempfile.NamedTemporaryFile() as file:
            self.assertIn("no socket", self.refused("--headless", "--listen", f"unix:{file.name}"))
            self.assertTrue(pathlib.Path(file.name).exists())

    def test_a_unix_socket(self):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / "s"
            server = Server(listen=f"unix:{path}")
            self.addCleanup(server.close)
            self.assertEqual(0o600, path.stat().st_mode & 0o777)
            with socket.socket(socket.AF_UNIX) as client:
                client.connect(str(path))
                client.sendall(b"GET /v1/config HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
                self.assertTrue(client.recv(1000).startswith(b"HTTP/1.1 200 "))
            self.assertIn("another server", self.refused("--headless", "--listen", f"unix:{path}"))
            server.process.kill()
            server.process.wait()
            again = Server(listen=f"unix:{path}")
            self.assertEqual(0, again.close())
