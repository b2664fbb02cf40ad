"""A server that encrypts: our own client, the real ones, and a certificate that changes while it runs."""

import http.client
import json
import os
import pathlib
import shutil
import socket
import ssl
import subprocess
import tempfile
import time
import unittest

from support.server import BOXWATCH, Server


class Encrypted(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="boxwatch-tls-"))
        cls.addClassCleanup(shutil.rmtree, cls.folder)
        for name in ("one", "two"):
            subprocess.run(
                ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
                 "-keyout", cls.folder / f"{name}.key", "-out", cls.folder / f"{name}.pem", "-days", "2", "-subj", f"/CN={name}",
                 "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"], check=True, capture_output=True)

    def setUp(self):
        self.certificate, self.key = self.folder / "cert.pem", self.folder / "key.pem"
        self.put("one")
        self.server = Server("--cert", str(self.certificate), "--key", str(self.key), listen="localhost:0",
                             environment={"BOXWATCH_API_KEY": "k"})
        self.addCleanup(self.server.close)

    def put(self, name):
        """Replaces both files, one after the other."""
        for target, source in ((self.certificate, f"{name}.pem"), (self.key, f"{name}.key")):
            target.write_bytes((self.folder / source).read_bytes())
            target.chmod(0o600)

    def connect(self, trusted):
        context = ssl.create_default_context(cafile=str(self.folder / f"{trusted}.pem"))
        connection = http.client.HTTPSConnection("localhost", self.server.port, timeout=30, context=context)
        self.addCleanup(connection.close)
        return connection

    def ask(self, connection, method="GET", path="/v1/boxes", body=None):
        connection.request(method, path, body and json.dumps(body), {"Authorization": "Bearer k"})
        answer = connection.getresponse()
        text = answer.read()
        return answer.status, json.loads(text)

    def box(self):
        return self.ask(self.connect("one"), "POST", body={"image": "x"})[1]["box_id"]

    def environment(self):
        return {"SSL_CERT_FILE": str(self.folder / "one.pem"), "BOXLITE_API_KEY": "k", "PATH": os.environ["PATH"],
                "HOME": str(self.folder), "XDG_STATE_HOME": str(self.folder / "state"), "SWIFT_BACKTRACE": "enable=no"}

    def run_program(self, script):
        return subprocess.Popen(
            [BOXWATCH, "run", "--headless", "--box", f"boxlites://localhost:{self.server.port}/{self.box()}", "--", "sh", "-c",
             script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=self.environment())

    def wait_for(self, words):
        end = time.monotonic() + 20
        while words not in self.server.errors.read_text():
            self.assertLess(time.monotonic(), end, self.server.errors.read_text())
            time.sleep(0.02)

    def test_our_own_client_loses_nothing(self):
        client = self.run_program("cat; echo more >&2; yes | head -c 3000000; exit 7")
        out, err = client.communicate(b"in\n", 60)
        self.assertEqual((7, b"in\n" + b"y\n" * 1_500_000, b"more\n"), (client.returncode, out, err))

    def test_a_new_certificate_is_for_new_connections(self):
        kept = self.connect("one")
        self.assertEqual(200, self.ask(kept)[0])
        running = self.run_program("read line; echo $line")
        self.put("two")
        self.wait_for("was reloaded")
        self.assertEqual(200, self.ask(self.connect("two"))[0])
        with self.assertRaises(ssl.SSLCertVerificationError):
            self.ask(self.connect("one"))
        # What was connected before goes on.
        self.assertEqual(200, self.ask(kept)[0])
        out, err = running.communicate(b"still here\n", 60)
        self.assertEqual((0, b"still here\n", b""), (running.returncode, out, err))

    def test_a_broken_certificate_is_reported_and_the_old_one_kept(self):
        self.certificate.write_text("rubbish")
        self.wait_for("is kept")
        self.assertEqual(200, self.ask(self.connect("one"))[0])
        self.put("two")
        self.wait_for("was reloaded")
        self.assertEqual(200, self.ask(self.connect("two"))[0])

    def test_a_client_without_tls_is_disconnected(self):
        with socket.create_connection(("127.0.0.1", self.server.port), 30) as connection:
            connection.sendall(b"GET /v1/config HTTP/1.1\r\nHost: x\r\n\r\n")
            self.assertNotIn(b"HTTP/1.1 200", connection.recv(1000))
        self.assertEqual(200, self.ask(self.connect("one"))[0])

    def empty(self):
        path = self.folder / "empty"
        path.touch(mode=0o600)
        return path

    def test_wrong_files_are_one_clear_line(self):
        one, two = self.folder / "one.pem", self.folder / "two.key"
        for arguments, words in ((("--cert", one), "must be used together"), (("--cert", "/none", "--key", two), "cannot read /none"),
                                 (("--cert", two, "--key", two), "contains no PEM certificate"),
                                 (("--cert", one, "--key", self.empty()), "contains no PEM private key"),
                                 (("--cert", one, "--key", two), "does not match the certificate")):
            run = subprocess.run([BOXWATCH, "serve", "--headless", "--listen", "127.0.0.1:0", *map(str, arguments)],
                                 capture_output=True, timeout=30, check=False)
            self.assertNotEqual(0, run.returncode)
            self.assertIn(words, run.stderr.decode())
        two.chmod(0o644)
        run = subprocess.run([BOXWATCH, "serve", "--headless", "--listen", "127.0.0.1:0", "--cert", one, "--key", two],
                             capture_output=True, timeout=30, check=False)
        two.chmod(0o600)
        self.assertIn("chmod 600", run.stderr.decode())
