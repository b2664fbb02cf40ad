"""The private sockets: permissions, leftovers of dead ones, and what is found through them."""

import os
import signal
import socket
import stat
import subprocess
import unittest

from support import InstanceCase, wait_until
from support.program import BOXWATCH


class SocketTests(InstanceCase):
    def test_folder_and_socket_are_the_user_s_alone(self):
        identifier, _ = self.gated()
        path = self.wait_for_socket(self.owner(identifier))
        self.assertEqual(0o700, stat.S_IMODE(self.scratch.sockets.stat().st_mode))
        self.assertEqual(0, stat.S_IMODE(path.stat().st_mode) & 0o077)

    def test_without_a_runtime_folder_there_is_one_below_tmp(self):
        identifier = self.detach("sleep", "1000", environment={"XDG_RUNTIME_DIR": None})
        # Others of this user may be there too.
        (entry,) = [entry for entry in self.list(environment={"XDG_RUNTIME_DIR": None}) if entry["id"] == identifier]
        self.assertEqual("detached", entry["where"])
        self.assertTrue(os.path.exists(f"/tmp/boxwatch-{os.getuid()}/{entry['pid']}.sock"))
        self.assert_ended(self.run_program("kill", identifier, environment={"XDG_RUNTIME_DIR": None}), 0)

    def test_its_token_is_the_user_s_alone_and_goes_with_it(self):
        identifier, gate = self.gated()
        token = self.wait_for_socket(self.owner(identifier)).with_suffix(".token")
        self.assertEqual((0o600, 64), (stat.S_IMODE(token.stat().st_mode), len(token.read_text())))
        gate.write_text("")
        self.run_program("wait", identifier)
        wait_until(lambda: not token.exists(), "the token to go")

    def sandboxed(self, *command):
        """Runs a command in a sandbox that shows everything, the sockets too."""
        return subprocess.run(["bwrap", "--bind", "/", "/", "--dev", "/dev", "--proc", "/proc", *map(str, command)],
                              env=self.scratch.environment(), capture_output=True, timeout=60, check=False)

    def test_a_command_in_a_sandbox_controls_nothing_though_it_reaches_socket_and_token(self):
        identifier, _ = self.gated()
        path = self.wait_for_socket(self.owner(identifier))
        result = self.sandboxed(BOXWATCH, "kill", identifier)
        self.assertEqual(125, result.returncode, result.stderr)
        self.assertIn(b"namespace (it is in a sandbox or a container)", result.stderr)
        client = (
            "import socket, sys\n"
            "client = socket.socket(socket.AF_UNIX)\n"
            "client.connect(sys.argv[1])\n"
            "head = 'DELETE /v1/boxes/all/executions/%s HTTP/1.1\\r\\nHost: x\\r\\nAuthorization: Bearer %s\\r\\n\\r\\n'\n"
            "client.sendall((head % (sys.argv[2], open(sys.argv[1][:-4] + 'token').read())).encode())\n"
            "print(client.recv(1000).decode()) if len(sys.argv) == 3 else None\n")
        self.assertIn(b"HTTP/1.1 403 ", self.sandboxed("/usr/bin/python3", "-c", client, path, identifier).stdout)
        # Nor by being gone when it is asked for.
        for _ in range(30):
            self.sandboxed("/usr/bin/python3", "-c", client, path, identifier, "silent")
        self.assertEqual("running", self.listed(identifier)["state"])
        self.assert_ended(self.run_program("kill", identifier), 0)

    def test_a_client_without_a_token_is_told_which_one_is_required(self):
        identifier, _ = self.gated()
        path = self.wait_for_socket(self.owner(identifier))
        with socket.socket(socket.AF_UNIX) as client:
            client.connect(str(path))
            client.sendall(b"GET /v1/me HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            answer = client.recv(10_000).decode()
        self.assertIn(" 401 ", answer)
        self.assertIn(f"{path.stem}.token", answer)

    def test_the_socket_of_a_killed_boxwatch_is_cleaned_away(self):
        identifier, _ = self.gated()
        path = self.wait_for_socket(self.owner(identifier))
        os.kill(self.owner(identifier), signal.SIGKILL)
        self.wait_for_state(identifier, "interrupted")
        # Not at once: a socket that was just made refuses everybody for a moment too.
        os.utime(path, (0, 0))
        self.list()
        self.assertFalse(path.exists() or path.with_suffix(".token").exists())

    def test_the_socket_of_a_running_boxwatch_is_kept(self):
        identifier, _ = self.gated()
        path = self.wait_for_socket(self.owner(identifier))
        os.utime(path, (0, 0))
        self.list()
        self.assertTrue(path.exists())
        self.assert_ended(self.run_program("kill", identifier), 0)

    def test_a_folder_that_others_can_look_into_is_not_used(self):
        self.scratch.sockets.mkdir(mode=0o755)
        self.assert_runs_without_a_socket("is open to other users")

    def test_a_link_in_the_folder_s_place_is_not_followed(self):
        elsewhere = self.scratch.work / "elsewhere"
        elsewhere.mkdir(mode=0o700)
        self.scratch.sockets.symlink_to(elsewhere)
        self.assert_runs_without_a_socket("is not a folder")
        self.assertEqual([], os.listdir(elsewhere))

    @unittest.skipUnless(os.getuid() == 0, "only root can give a folder away")
    def test_a_folder_of_another_user_is_not_used(self):
        self.scratch.sockets.mkdir(mode=0o700)
        os.chown(self.scratch.sockets, 12345, 12345)
        self.assert_runs_without_a_socket("belongs to another user")

    def assert_runs_without_a_socket(self, words):
        """The reason is printed, the command still runs, and control from outside is refused with the reason."""
        gate = self.scratch.fifo()
        running = self.start("run", "--headless", "--", "sh", "-c", f"echo up; cat {gate}; exit 3")
        running.wait_for(b"up\n")
        running.wait_for(words.encode(), stream=2)
        (entry,) = self.list()
        self.assertEqual(("running", "unknown"), (entry["state"], entry["where"]))
        self.assert_failure("kill", entry["id"], words=entry["id"])
        # Reading needs no socket.
        self.assert_ended(self.run_program("logs", entry["id"]), 0, b"up\n")
        gate.write_text("")
        self.assertEqual(3, running.finish().status)

    def test_other_files_in_the_folder_are_ignored(self):
        identifier, _ = self.gated()
        folder = self.scratch.sockets
        (folder / "12.sock").write_text("no socket")
        (folder / "13.sock").mkdir()
        (folder / "words.sock").write_text("")
        (folder / "-5.sock").write_text("")
        (folder / "14.sock").symlink_to("/dev/zero")
        os.mkfifo(folder / "15.sock")
        names = set(os.listdir(folder))
        (entry,) = self.list()
        self.assertEqual((identifier, "detached"), (entry["id"], entry["where"]))
        self.assertEqual(names, set(os.listdir(folder)))

    def test_a_socket_that_does_not_answer_is_asked_once_and_given_up(self):
        identifier, _ = self.gated()
        listeners = []
        for number in (99998, 99999):
            listener = socket.socket(socket.AF_UNIX)
            self.addCleanup(listener.close)
            listener.bind(str(self.scratch.sockets / f"{number}.sock"))
            listener.listen(8)
            listener.setblocking(False)
            listeners.append(listener)
        (entry,) = self.list()
        self.assertEqual((identifier, "detached"), (entry["id"], entry["where"]))
        # One connection looks whether there is a listener, one asks.
        self.assertEqual([2, 2], [self.waiting(listener) for listener in listeners])

    @staticmethod
    def waiting(listener):
        """How many connections wait to be accepted."""
        count = 0
        try:
            while True:
                listener.accept()[0].close()
                count += 1
        except BlockingIOError:
            return count

    def test_executions_below_another_state_folder_are_found_through_the_socket(self):
        other = self.scratch.path / "other"
        other.mkdir()
        identifier = self.detach_script("echo up; read line; echo $line; exit 4", "--stdin", "pipe", "--name", "far",
                                        environment={"XDG_STATE_HOME": other})
        (entry,) = self.list()
        self.assertEqual((identifier, str(other / "boxwatch/executions" / identifier)), (entry["id"], entry["journal"]))
        following = self.start("logs", "--follow", "far")
        following.wait_for(b"up\n")
        self.assert_ended(self.run_program("attach", "far", data=b"hello\n"), 4, b"up\nhello\n")
        self.assert_ended(following.finish(), 0, b"up\nhello\n")
        # Its boxwatch is gone, and with it the only one that knew.
        wait_until(lambda: not self.list(), "the end of its boxwatch")

    def test_a_short_run_opens_no_socket(self):
        self.run_command("true")
        self.assertFalse(self.scratch.sockets.exists())

    def test_an_end_by_any_signal_takes_the_socket_along(self):
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            running = self.start("run", "--headless", "--", "sh", "-c", "echo up; exec sleep 1000")
            running.wait_for(b"up\n")
            path = self.wait_for_socket(running.pid)
            running.signal(number)
            self.assertEqual(128 + number, running.finish().status)
            self.assertFalse(path.exists())

    def test_a_path_that_is_too_long_for_a_socket_is_reported(self):
        deep = self.scratch.path / ("d" * 100)
        deep.mkdir()
        running = self.start("run", "--headless", "--", "sh", "-c", "echo up; exec sleep 1000",
                             environment={"XDG_RUNTIME_DIR": deep})
        running.wait_for(b"other terminals cannot control", stream=2)
        running.signal(signal.SIGINT)
        self.assertEqual(130, running.finish().status)
