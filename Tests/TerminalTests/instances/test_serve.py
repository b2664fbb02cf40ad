"""What clients of boxwatch serve run, seen from other terminals: by journal and socket, and by the server's address."""

import json
import signal
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor

from support import InstanceCase, wait_until
from support.cost import Cost
from support.monitor import lines
from support.rest import RestClient


class ServeTests(InstanceCase):
    def setUp(self):
        super().setUp()
        self.server = self.start("serve", "--headless", "--listen", "127.0.0.1:0")
        self.server.wait_for(b"\n")
        self.address = self.server.taken().decode().split()[-1]
        self.box = self.ask("boxes", image="any")["box_id"]

    def ask(self, path, **body):
        """POSTs to the server, and returns what it answers."""
        request = urllib.request.Request(f"http://{self.address}/v1/{path}", json.dumps(body).encode(),
                                         {"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=30) as reply:
            return json.load(reply)

    def run_for_client(self, script):
        """Has a client start a script; returns the execution's identifier."""
        return self.ask(f"boxes/{self.box}/exec", command="sh", args=["-c", script])["execution_id"]

    def target(self, identifier):
        return f"boxlite://{self.address}/{self.box}/{identifier}"

    def test_it_is_listed_and_steered_like_any_other(self):
        identifier = self.run_for_client("trap 'echo got; exit 9' USR1; echo up; while :; do sleep 0.01; done")
        entry = self.listed(identifier)
        self.assertEqual(("serve", self.server.pid, "running"), (entry["where"], entry["pid"], entry["state"]))
        watching = self.start("attach", "--no-stdin", identifier)
        watching.wait_for(b"up\n")
        self.assert_ended(self.run_program("kill", "--signal", "USR1", identifier), 0, b"")
        # The shell tells that its sleep was ended too.
        self.assert_ended(watching.finish(), 9, b"up\ngot\n", stderr=None)

    def test_it_is_in_the_box_that_the_client_knows(self):
        self.box = self.ask("boxes", image="python:slim", name="web", labels={"a": "b"})["box_id"]
        identifier = self.run_for_client("echo hi")
        self.run_program("wait", identifier)
        entry = self.listed(identifier)
        known = {"id": self.box, "name": "web", "image": "python:slim", "labels": {"a": "b"}}
        self.assertEqual(("local", known, None), (entry["box"], entry["client_box"], entry["user"]))
        self.assertRegex(self.run_program("ls").stdout.decode(), r" web +journal +sh -c 'echo hi'")
        told = self.run_program("logs", "--json", identifier).events[0]
        self.assertEqual(("started", known), (told["event"], told["client_box"]))

    def test_by_its_address_it_is_watched_and_written_to(self):
        identifier = self.run_for_client("echo out; echo err >&2; cat; exit 5")
        result = self.run_program("attach", self.target(identifier), data=b"hello\n",
                                  environment={"XDG_STATE_HOME": self.scratch.path / "elsewhere"})
        self.assert_ended(result, 5, b"out\nhello\n", b"err\n")

    def test_leaving_it_keeps_it_running_at_its_address(self):
        identifier = self.run_for_client("echo up; cat")
        watching = self.start("attach", self.target(identifier))
        watching.wait_for(b"up\n")
        watching.signal(signal.SIGINT)
        result = watching.finish()
        self.assertEqual((130, f"boxwatch: detached; {self.target(identifier)} is still running\n"), (result.status, result.text))
        self.assertEqual("running", self.listed(identifier)["state"])
        self.assert_ended(self.run_program("attach", identifier, data=b"end\n"), 0, b"up\nend\n")

    def test_only_one_of_a_client_and_another_terminal_may_write(self):
        identifier = self.run_for_client("cat")
        client = self.start("attach", self.target(identifier))
        client.write(b"from the client\n")
        client.wait_for(b"from the client\n")
        second = self.start("attach", identifier)
        second.write(b"lost\n")
        second.wait_for(b"another client writes to it", stream=2)
        self.assert_ended(client.finish(b"end\n"), 0, b"from the client\nend\n")
        self.assert_ended(second.finish(), 0, b"from the client\nend\n", stderr=None)

    def test_a_second_client_that_would_write_is_refused_with_the_reason(self):
        identifier = self.run_for_client("echo up; cat")
        first = self.start("attach", self.target(identifier))
        first.wait_for(b"up\n")
        self.assert_failure("attach", self.target(identifier), words=["another client attached", self.address, "--no-stdin"])
        self.assert_ended(first.finish(b"end\n"), 0, b"up\nend\n")

    def test_a_missing_execution_is_one_clear_line(self):
        self.assert_failure("attach", self.target("nothing"), words=["nothing", self.address])
        self.assert_failure("attach", "boxlite://127.0.0.1:1/box/exec", words="127.0.0.1:1")

    def test_a_missing_upstream_key_is_asked_for_by_its_own_name(self):
        behind = self.start("serve", "--headless", "--listen", "127.0.0.1:0", "--api-key", "inner")
        behind.wait_for(b"\n")
        address = behind.taken().decode().split()[-1]
        front = self.start("serve", "--headless", "--listen", "127.0.0.1:0", "--upstream", f"boxlite://{address}")
        front.wait_for(b"\n")
        self.address = front.taken().decode().split()[-1]
        with self.assertRaises(urllib.error.HTTPError) as refused:
            self.ask("boxes", image="any")
        with refused.exception as reply:
            message = json.load(reply)["error"]["message"]
        self.assertIn("set it in $BOXWATCH_UPSTREAM_KEY", message)

    def test_in_the_monitor_the_pane_shows_why_a_second_writer_is_refused(self):
        identifier = self.run_for_client("echo up; cat")
        first = self.start("attach", self.target(identifier))
        first.wait_for(b"up\n")
        screen = self.open_screen("attach", self.target(identifier))
        screen.wait_for("could not start: box not usable")
        screen.wait_for("--no-stdin")
        # The pane keeps it when the line at the bottom is gone.
        screen.send("?")
        screen.wait_for("Everywhere")
        screen.send("q")
        screen.wait_for(lambda s: "--no-stdin" in s.text() and "--no-stdin" not in s.lines()[-1])
        screen.send("q")
        screen.finish()
        watching = self.open_screen("attach", "--no-stdin", self.target(identifier))
        watching.wait_for(lambda s: lines(s) == ["up"])
        self.assertIn("sh -c echo up; cat", watching.text())
        watching.send("q")
        watching.finish()
        self.assert_ended(first.finish(b"end\n"), 0, b"up\nend\n")


class ManyTests(InstanceCase):
    COUNT = 1000

    def test_a_thousand_commands_of_clients_take_few_threads_and_seven_descriptors_each_and_give_them_back(self):
        server = self.start("serve", "--headless", "--listen", "127.0.0.1:0")
        server.wait_for(b"\n")
        port = int(server.taken().decode().split()[-1].rpartition(":")[2])
        clients = [RestClient(port) for _ in range(4)]
        script = "echo out; echo err >&2; exec sleep 1000"
        # One after another for each client, as clients do.
        with ThreadPoolExecutor(len(clients)) as pool:
            identifiers = list(pool.map(lambda n: clients[n % 4].run("sh", "-c", script), range(self.COUNT)))
        self.assertEqual(self.COUNT, len(set(identifiers)))
        cost = Cost(server.pid)
        self.assertLessEqual(cost.threads, 20, cost)
        self.assertLessEqual(cost.descriptors, 7 * self.COUNT + 64, cost)
        self.assertLessEqual(cost.own_memory, 64 << 20, cost)
        # The server keeps a record for half a minute for a client that may come for it: a descriptor each until then.
        for client in clients:
            client.request("DELETE", f"/v1/boxes/{client.box}?force=true")
        wait_until(lambda: Cost(server.pid).descriptors <= self.COUNT + 64, "the commands' descriptors", deadline=30)
        wait_until(lambda: Cost(server.pid).descriptors <= 64, "the records' descriptors", deadline=60)
        self.assertLessEqual(Cost(server.pid).own_memory, 64 << 20)
