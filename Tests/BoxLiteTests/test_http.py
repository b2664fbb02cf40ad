"""Plain requests: words, limits and refusals."""

import contextlib
import http.client
import json
import os
import pathlib
import resource
import socket
import subprocess
import tempfile
import time
import unittest

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

    def test_a_variable_that_cannot_be_set_is_named(self):
        for name in ("", "A=B"):
            self.assert_error(self.request("POST", "/v1/boxes", {"image": "x", "env": {name: "1"}}), 400,
                              "invalid_argument", "'env'", f"'{name}'")

    def test_a_user_is_refused_where_there_is_only_one(self):
        box = self.create_box()
        for user in ("nobody", "0:0"):
            answer = self.request("POST", f"/v1/boxes/{box}/exec", {"command": "id", "user": user})
            self.assert_error(answer, 400, "unsupported", "'user'", "the user who runs boxwatch")
        self.assertEqual([], self.request("GET", f"/v1/boxes/{box}/executions")[1])

    def test_a_missing_command_is_reported_without_the_hosts_path(self):
        answer = self.request("POST", f"/v1/boxes/{self.create_box()}/exec", {"command": "no-such-program"})
        self.assert_error(answer, 422, "execution_failed")
        self.assertEqual("the command 'no-such-program' was not found", answer[1]["error"]["message"])
        for version in self.each():
            seen = self.call(version, "fails", command="no-such-program")
            self.assertIn("was not found", seen["text"])
            self.assertNotIn("/bin", seen["text"])

    def test_a_web_page_whose_name_resolves_to_this_server_reads_nothing(self):
        for host in ("evil.example", f"evil.example:{self.server.port}", "192.168.1.5"):
            self.assert_error(self.request("GET", "/v1/boxes", headers={"Host": host}), 403, "permission_denied", host)
        for host in ("localhost", f"LOCALHOST:{self.server.port}", "127.0.0.1", "[::1]"):
            self.assertEqual(200, self.request("GET", "/v1/boxes", headers={"Host": host})[0])

    def test_expect_100_continue_is_answered(self):
        with socket.create_connection(("127.0.0.1", self.server.port), 30) as connection:
            connection.sendall(b"POST /v1/boxes HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\n"
                               b"Connection: close\r\nContent-Length: 13\r\n\r\n")
            answer = connection.recv(1000)
            self.assertEqual(b"HTTP/1.1 100 Continue\r\n\r\n", answer)
            connection.sendall(b'{"image":"x"}')
            self.assertTrue(connection.recv(1000).startswith(b"HTTP/1.1 201 "))

    def test_what_does_not_exist_is_not_found(self):
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

    def test_what_is_not_http_is_answered_once(self):
        answer = self.raw(b"hello\r\n\r\n")
        self.assertTrue(answer.startswith(b"HTTP/1.1 400 "))
        name = json.loads(answer.partition(b"\r\n\r\n")[2])["error"]["request_id"]
        self.assertIn(f"x-request-id: {name}\r\n".encode(), answer)
        answer = self.raw(b"GET /v1/config HTTP/1.1\r\nHost: x\r\nX: " + b"y" * 200_000 + b"\r\n\r\n")
        self.assertTrue(answer.startswith(b"HTTP/1.1 431 "), answer[:100])
        self.assertIn("too large", json.loads(answer.partition(b"\r\n\r\n")[2])["error"]["message"])

    def test_a_frame_beyond_the_limit_closes(self):
        client = WebSocket(self.server.port, f"{self.execute(self.create_box(), 'cat')}/attach")
        self.addCleanup(client.close)
        client.socket.sendall(bytes([0x82, 0xFF]) + (1 << 40).to_bytes(8, "big") + b"mask")
        *_, (_, close) = client.frames()
        self.assertEqual(1009, int.from_bytes(close[:2], "big"))

    def test_idle_connections_are_counted_and_the_next_is_refused(self):
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

    def test_only_the_key_is_accepted(self):
        self.assertEqual(200, self.request("GET", "/v1/config")[0])
        for header in ({}, {"Authorization": "Bearer wrong"}, {"Authorization": "the-key"}):
            self.assertEqual(401, self.request("GET", "/v1/boxes", headers=header)[0])
        self.assertEqual(200, self.request("GET", "/v1/boxes", headers={"Authorization": "Bearer the-key"})[0])

    def test_attach_needs_it_too(self):
        client = WebSocket(self.server.port, "/v1/boxes/b/executions/e/attach")
        self.addCleanup(client.close)
        self.assertEqual(401, client.status)

    def test_real_clients_send_the_key(self):
        for version in self.each():
            seen = self.call(version, "run", command="sh", args=["-c", "echo in; env | grep -c the-key"], key="the-key")
            self.assertEqual("in\n0\n", seen["out"])
            self.assertIsNotNone(self.call(version, "fails", key="wrong")["type"])


class Settings(ServerCase):
    """What an operator sets."""

    @classmethod
    def start_server(cls):
        return Server("--reconnect-grace", "1s", "--shutdown-grace", "100ms", "--retention", "1s", "--signals", "USR1",
                      "--max-body", "2K")

    def wait_for(self, path, wanted):
        deadline = time.monotonic() + 20
        while (answer := self.request("GET", path))[0] == 200 and not wanted(answer[1]):
            self.assertLess(time.monotonic(), deadline)
            time.sleep(0.02)
        return answer

    def test_an_execution_without_a_client_ends_and_is_removed(self):
        path = self.execute(self.create_box(), "trap '' HUP; sleep 1000")
        answer = self.wait_for(path, lambda body: body["status"] != "running")
        self.assertEqual((200, -15), (answer[0], answer[1]["exit_code"]))
        self.assertEqual(404, self.wait_for(path, lambda body: False)[0])

    def test_real_clients_may_send_what_is_on_the_list(self):
        script = "trap 'echo got; exit 3' USR1; trap '' USR2; echo up; while :; do sleep 0.05; done"
        for version in self.each():
            seen = self.call(version, "run", command="sh", args=["-c", script], signal=10)
            self.assertEqual(("up\ngot\n", 3), (seen["out"], seen["code"]))
            self.assertIn("one of 10", self.call(version, "fails", command="sleep", args=["3"], signal=12)["text"])

    def test_bodies_have_the_size_that_was_set(self):
        self.assertEqual(413, self.request("POST", "/v1/boxes", {"image": "x" * 2048})[0])
        self.assertEqual(201, self.request("POST", "/v1/boxes", {"image": "x" * 1000})[0])


class Listening(ServerCase):
    """Where it may listen."""

    def refused(self, *arguments, **environment):
        run = subprocess.run([BOXWATCH, "serve", *arguments], capture_output=True, timeout=30, check=False,
                             env={**os.environ, **environment})
        self.assertNotEqual(0, run.returncode)
        return run.stderr.decode()

    def start(self, *arguments, **more):
        server = Server(*arguments, **more)
        self.addCleanup(server.close)
        return server

    def status(self, server, **headers):
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
        self.addCleanup(connection.close)
        connection.request("GET", "/v1/boxes", headers=headers)
        return connection.getresponse().status

    def test_beyond_this_machine_a_key_is_made_and_printed_once(self):
        with tempfile.TemporaryDirectory() as folder:
            state = {"XDG_STATE_HOME": folder}
            server = self.start(listen="0.0.0.0:0", environment=state)
            path = pathlib.Path(folder) / "boxwatch" / "serve.key"
            key = path.read_text().strip()
            self.assertEqual((64, 0o600), (len(key), path.stat().st_mode & 0o777))
            words = server.errors.read_text()
            self.assertIn(f"export BOXLITE_API_KEY={key}", words)
            self.assertIn("clear text", words)
            self.assertEqual([401, 401, 200], [self.status(server), self.status(server, Authorization="Bearer x"),
                                               self.status(server, Authorization=f"Bearer {key}")])
            self.assertEqual(0, server.close())
            again = self.start(listen="0.0.0.0:0", environment=state)
            words = again.errors.read_text()
            self.assertNotIn(key, words)
            self.assertIn(str(path), words)
            self.assertEqual(200, self.status(again, Authorization=f"Bearer {key}"))
            path.chmod(0o644)
            self.assertIn("open to other users", self.refused("--headless", "--listen", "0.0.0.0:0", **state))

    def test_what_is_served_to_whom_is_said_at_the_start(self):
        for arguments, listen, wanted in (
                ((), "127.0.0.1:0", "without a key: other users are refused"),
                (("--api-key", "k"), "127.0.0.1:0", "and sends the key of --api-key"),
                (("--insecure",), "0.0.0.0:0", "no key is asked for; the traffic, including keys, is clear text")):
            server = self.start(*arguments, listen=listen)
            line = next(line for line in server.errors.read_text().splitlines() if "commands run in box 'local'" in line)
            self.assertIn(wanted, line)

    @unittest.skipUnless(os.getuid() == 0, "only root can become another user")
    def test_another_user_is_refused_without_a_key(self):
        def ask(server, user):
            run = subprocess.run(["curl", "-s", "-o", "/dev/null", "-w", "%{http_code}", f"{server.url}/v1/boxes"],
                                 capture_output=True, timeout=30, user=user, group=user, extra_groups=[], check=False)
            return run.stdout.decode()
        server = self.start()
        self.assertEqual(["403", "200"], [ask(server, 65534), ask(server, 0)])
        self.assertEqual("200", ask(self.start("--insecure"), 65534))

    def test_a_key_stands_in_no_environment_and_no_argument(self):
        secret = "a-secret-that-is-long"
        with tempfile.NamedTemporaryFile("w", suffix=".yaml") as file:
            file.write("boxes:\n  far: {boxlite: 'boxlite://127.0.0.1:1/b', key: $FAR_KEY}\n")
            file.flush()
            server = self.start("--upstream-key", secret, "--api-key", secret, "--config", file.name,
                                environment={"BOXWATCH_API_KEY": secret, "BOXLITE_API_KEY": secret, "FAR_KEY": secret})
            proc = pathlib.Path(f"/proc/{server.process.pid}")
            self.assertIn(b"--upstream-key", (proc / "cmdline").read_bytes())
            self.assertIn(b"FAR_KEY=", (proc / "environ").read_bytes())
            for name in ("cmdline", "environ"):
                self.assertNotIn(secret.encode(), (proc / name).read_bytes())
            # Nor may another process of the same user look into the server's memory, unless it is root.
            self.assertEqual(0, proc.joinpath("mem").stat().st_uid)
            self.assertEqual(200, self.status(server, Authorization=f"Bearer {secret}"))

    def test_a_key_may_come_from_a_file(self):
        with tempfile.NamedTemporaryFile("w") as file:
            file.write("filed\n")
            file.flush()
            server = self.start("--api-key-file", file.name)
            self.assertEqual([401, 200], [self.status(server), self.status(server, Authorization="Bearer filed")])
            os.chmod(file.name, 0o640)
            self.assertIn("chmod 600", self.refused("--headless", "--api-key-file", file.name))
        for arguments in (("--api-key", ""), ("--api-key", "k", "--insecure"), ("--api-key", "k", "--api-key-file", "f")):
            self.refused("--headless", *arguments)

    def test_bad_settings_are_one_clear_line(self):
        for arguments, words in ((("--ping", "60s"), "1s to 40s"), (("--max-sockets", "0"), "1 to 1000000"),
                                 (("--silence", "12s"), "longer than ping"), (("--signals", "NO"), "not a signal")):
            self.assertIn(words, self.refused("--headless", "--listen", "127.0.0.1:0", *arguments))
        with tempfile.NamedTemporaryFile("w", suffix=".yaml") as file:
            file.write("serve:\n  retention: soon\n")
            file.flush()
            self.assertIn(f"{file.name}:2:14: retention", self.refused("--headless", "--config", file.name))

    def test_a_port_in_use_is_reported(self):
        refusal = self.refused("--headless", "--listen", self.server.address)
        self.assertIn(f"cannot listen at {self.server.address}: the address is already in use; choose another port", refusal)

    def test_a_file_in_the_sockets_place_is_reported_and_kept(self):
        with tempfile.NamedTemporaryFile() as file:
            self.assertIn("not a socket", self.refused("--headless", "--listen", f"unix:{file.name}"))
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
