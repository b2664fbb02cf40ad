"""Serving with a screen: what clients start is shown live, and quitting reports the end to them."""

import re
import signal

from support import MonitorCase
from support.monitor import bottom, header, lines
from support.rest import RestClient


class ServeTests(MonitorCase):
    def serve(self, *options, **more):
        """Opens the monitor with a server, and returns it and its port."""
        screen = self.open_screen("serve", "--listen", "127.0.0.1:0", *options, **more)
        found = screen.wait_for(lambda s: re.search(r"serve 127\.0\.0\.1:(\d+) · 0 clients", header(s)))
        return screen, int(found[1])

    def script(self, text):
        return self.scratch.write("job", f"#!/bin/sh\n{text}\n", mode=0o755)

    def test_a_clients_command_appears_live_with_its_output_and_its_end(self):
        screen, port = self.serve("--tui")
        gate = self.scratch.fifo()
        attached = RestClient(port).run_attached(str(self.script(f"echo before; read x < {gate}; echo after; exit 3")))
        screen.wait_for(lambda s: lines(s) == ["before"] and "1 client " in header(s) + " ")
        self.assertIn("client", screen.lines()[2])
        self.assertIn("1 running", header(screen))
        gate.write_text("go\n")
        screen.wait_for(lambda s: lines(s) == ["before", "after"] and "1 failed" in header(s))
        self.assertEqual(3, attached.finish()["exit_code"])
        self.assertEqual(b"before\nafter\n", attached.output)
        screen.wait_for("· 0 clients")
        self.quit(screen)
        self.assertRegex(screen.left().decode(), r"\(box-[0-9a-f]{8}, for a client\): failed, exit 3")

    def test_the_monitor_opens_by_itself_in_a_terminal(self):
        screen, _ = self.serve()
        self.quit(screen)

    def test_quitting_asks_while_commands_run_and_clients_hear_of_their_end(self):
        screen, port = self.serve()
        attached = RestClient(port).run_attached("sleep", "1000")
        screen.wait_for("1 running")
        screen.wait_for("1 client")
        screen.send("q")
        screen.wait_for("1 client is attached to the server")
        screen.send("n")
        screen.wait_while("kill and quit")
        screen.send("qy")
        self.assertEqual(0, screen.finish())
        self.assertEqual(-signal.SIGTERM, attached.finish()["exit_code"])

    def test_a_signal_ends_it_as_it_ends_a_server_without_a_screen(self):
        screen, port = self.serve()
        attached = RestClient(port).run_attached("sleep", "1000")
        screen.wait_for("1 running")
        screen.signal(signal.SIGTERM)
        self.assertEqual(0, screen.finish())
        self.assertIsNotNone(attached.finish())

    def test_many_clients_commands_are_all_counted_and_the_keys_stay_quick(self):
        screen, port = self.serve()
        client = RestClient(port)
        for number in range(60):
            client.run("sh", "-c", f"seq 2000; echo last {number}")
        screen.wait_for("60 execs: 60 done")
        screen.send("5")
        screen.wait_for(lambda s: lines(s) and lines(s)[-1] == "last 4")
        screen.send("?")
        screen.wait_for("keys")
        screen.send("qq")
        self.assertEqual(0, screen.finish())
        self.assertIn("clients ran 60 executions: 60 done", screen.left().decode())

    def test_the_newest_command_is_shown_when_the_one_before_is_over(self):
        screen, port = self.serve()
        client = RestClient(port)
        client.run("echo", "first")
        screen.wait_for(lambda s: lines(s) == ["first"] and "1 done" in header(s))
        client.run("echo", "second")
        screen.wait_for(lambda s: lines(s) == ["second"])
        self.quit(screen)

    def test_the_header_keeps_the_clients_in_sight_when_it_is_narrow(self):
        screen, port = self.serve(rows=24, columns=80)
        RestClient(port).run("true")
        screen.wait_for("1 done")
        screen.resize(24, 44)
        screen.wait_for(lambda s: "0 clients" in header(s) and len(header(s)) <= 44)
        self.quit(screen)

    def test_without_a_terminal_a_forced_screen_is_refused(self):
        result = self.run_program("serve", "--tui", "--listen", "127.0.0.1:0")
        self.assertEqual(125, result.status)
        self.assertIn(b"needs a terminal", result.stderr)

    def test_both_ways_at_once_are_refused(self):
        result = self.run_program("serve", "--tui", "--headless")
        self.assertIn(b"exclude each other", result.stderr)

    def test_what_the_user_starts_stands_beside_the_clients(self):
        screen, port = self.serve()
        RestClient(port).run("echo", "theirs")
        screen.wait_for("1 done")
        screen.send("necho mine\r")
        screen.wait_for(lambda s: lines(s) == ["mine"] and "2 done" in header(s))
        self.assertIn("a attach", bottom(screen))
        self.quit(screen)
        left = screen.left().decode()
        self.assertRegex(left, r"echo theirs \(box-[0-9a-f]{8}, for a client\)")
        self.assertIn("echo mine (local): done", left)

    def test_what_a_client_calls_its_box_is_in_the_list_and_the_details(self):
        screen, port = self.serve()
        client = RestClient(port)
        client.box = client.request("POST", "/v1/boxes", {"name": "web", "image": "python:slim",
                                                          "labels": {"team": "red\x1b[2J"}})["box_id"]
        attached = client.run_attached("echo", "hi")
        screen.wait_for("web client echo hi")
        screen.send("d")
        for line in ("box        web, started by a client; it runs in local", "image      python:slim",
                     "label      team=red^[[2J", f"box's id   {client.box}"):
            screen.wait_for(line)
        screen.send("q")
        screen.wait_while("python:slim")
        self.assertEqual(0, attached.finish()["exit_code"])
        self.quit(screen)
        self.assertIn("echo hi (web, for a client): done", screen.left().decode())

    def test_what_runs_on_a_server_behind_is_shown_on_its_way(self):
        behind = self.start("serve", "--headless", "--listen", "127.0.0.1:0",
                            environment={"XDG_STATE_HOME": self.scratch.home, "XDG_RUNTIME_DIR": self.scratch.home})
        behind.wait_for(b"\n")
        upstream = f"boxlite://127.0.0.1:{behind.taken().split(b':')[-1].strip().decode()}"
        screen, port = self.serve("--upstream", upstream)
        attached = RestClient(port).run_attached("sh", "-c", "echo far; echo oops >&2; exit 7")
        screen.wait_for(lambda s: lines(s) == ["far"] and lines(s, "stderr") == ["oops"] and "1 failed" in header(s))
        self.assertEqual(7, attached.finish()["exit_code"])
        self.quit(screen)
