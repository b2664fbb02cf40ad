"""Attaching from another terminal: by the list, live, while the other boxwatch runs or dies."""

import os
import signal

from support import MonitorCase, keys
from support.deadline import wait_until
from support.journal import add_gap
from support.monitor import bottom, header, is_over, lines, pane
from support.rest import RestClient


class AttachTests(MonitorCase):
    def owner(self, script, *options, **more):
        """A monitor that runs a script named `job`."""
        screen = self.watch_script(script, "--name", "job", *options, **more)
        screen.wait_for("1 exec:")
        # Attaching before the socket is there is refused: no process listens.
        wait_until(lambda: list(self.scratch.runtime.glob("boxwatch/*.sock")), "the private socket")
        return screen

    def watcher(self, **more):
        """An empty monitor that attaches to the first execution of the list."""
        screen = self.open_screen(**more)
        screen.wait_for("nothing runs here yet")
        screen.send("a")
        screen.wait_for(lambda s: "job" in s.text() and "┌ attach" in s.text())
        screen.send(keys.ENTER)
        screen.wait_while("┌ attach")
        screen.wait_for("1 exec:")
        return screen

    def test_the_list_shows_what_runs_elsewhere_and_enter_attaches_from_the_first_byte(self):
        gate = self.scratch.fifo()
        owner = self.owner(f"echo first; read x < {gate}; echo last; exit 4")
        owner.wait_for(lambda s: lines(s) == ["first"])
        screen = self.open_screen()
        screen.wait_for("nothing runs here yet")
        screen.send("a")
        screen.wait_for(lambda s: f"monitor {owner.pid}" in s.text() and "● running" in s.text())
        screen.send(keys.ENTER)
        screen.wait_for(lambda s: lines(s) == ["first"])
        self.assertIn(f"@monitor {owner.pid}", screen.text())
        gate.write_text("go\n")
        for both in (owner, screen):
            both.wait_for(lambda s: lines(s) == ["first", "last"] and "1 failed" in header(s))
        self.quit(screen)
        self.assertIn(f"attached to monitor {owner.pid}): failed, exit 4", screen.left().decode())
        self.quit(owner, 4)

    def test_leaving_asks_nothing_and_the_command_continues(self):
        owner = self.owner("echo here; exec sleep 1000")
        screen = self.watcher()
        screen.wait_for(lambda s: lines(s) == ["here"])
        self.quit(screen)
        self.assertIn("): still running", screen.left().decode())
        owner.send("1")
        owner.wait_for("1 running")

    def test_two_watch_one(self):
        gate = self.scratch.fifo()
        self.owner(f"echo one; read x < {gate}; echo two")
        screens = [self.watcher(), self.watcher()]
        for screen in screens:
            screen.wait_for(lambda s: lines(s) == ["one"])
        gate.write_text("go\n")
        for screen in screens:
            screen.wait_for(lambda s: lines(s) == ["one", "two"] and "1 done" in header(s))
            self.quit(screen)

    def test_a_signal_and_a_line_of_input_reach_the_others_command(self):
        owner = self.owner("trap 'echo caught' HUP; while read line; do echo \"got $line\"; done; echo over",
                           "--stdin", "pipe")
        screen = self.watcher()
        screen.send("ihello\r")
        screen.wait_for(lambda s: "got hello" in lines(s))
        screen.send(keys.control("d"))
        owner.wait_for(lambda s: lines(s) == ["got hello", "over"])
        screen.wait_for("1 done")
        self.quit(screen)

    def test_a_kill_from_the_watcher_ends_it_on_both_screens(self):
        owner = self.owner("exec sleep 1000")
        screen = self.watcher()
        screen.wait_for("1 running")
        screen.send("K")
        for both in (screen, owner):
            both.wait_for("1 killed")
        self.quit(screen)

    def test_a_killed_owner_leaves_it_interrupted(self):
        owner = self.owner("echo half; exec sleep 1000")
        screen = self.watcher()
        screen.wait_for(lambda s: lines(s) == ["half"])
        os.kill(owner.pid, signal.SIGKILL)
        screen.wait_for("1 interrupted")
        self.assertIn("† interrupted", screen.text())
        self.assertIn("── interrupted · its boxwatch died", screen.text())
        screen.send("x")
        screen.wait_for(lambda s: "execution 1 is interrupted" in bottom(s))
        self.quit(screen)

    def test_an_old_interrupted_journal_can_be_opened(self):
        owner = self.owner("echo half; exec sleep 1000")
        owner.wait_for(lambda s: lines(s) == ["half"])
        os.kill(owner.pid, signal.SIGKILL)
        owner.status()
        screen = self.watcher()
        screen.wait_for(lambda s: "1 interrupted" in header(s) and lines(s) == ["half"])
        self.quit(screen)

    def test_a_finished_execution_is_opened_whole(self):
        self.assertEqual(0, self.run_script("seq 5000", "--name", "job").status)
        screen = self.watcher()
        screen.wait_for(lambda s: "1 done" in header(s) and lines(s)[-1:] == ["5000"])
        self.assertIn("@journal", screen.text())
        self.quit(screen)

    def test_the_list_narrows_down_refreshes_and_keeps_its_choice(self):
        for name in ("alpha", "beta", "gamma"):
            self.run_script("true", "--name", name)
        screen = self.open_screen()
        screen.wait_for("nothing runs here yet")
        screen.send("a")
        screen.wait_for("gamma")
        screen.send(keys.DOWN)
        screen.wait_for(lambda s: any("▸" in line and "beta" in line for line in s.lines()))
        self.run_script("true", "--name", "delta")
        screen.wait_for("delta")
        self.assertTrue(any("▸" in line and "beta" in line for line in screen.lines()), screen.text())
        screen.send("alp")
        screen.wait_for(lambda s: "1 of 4" in s.text() and "beta" not in s.text())
        screen.send(keys.ENTER)
        screen.wait_for("1 exec: 1 done")
        self.assertIn("alpha", screen.lines()[2])
        self.quit(screen)

    def test_the_list_survives_every_size(self):
        self.run_script("true", "--name", "job")
        screen = self.open_screen(rows=30, columns=120)
        screen.wait_for("nothing runs here yet")
        screen.send("a")
        screen.wait_for("find:")
        for rows, columns in ((24, 80), (12, 44), (5, 20), (50, 200), (24, 80)):
            screen.resize(rows, columns)
            screen.wait_for(lambda s: len(s.lines()) == rows and ("find:" in s.text() or rows < 12))
        screen.wait_for("job")
        screen.send(keys.ESCAPE)
        screen.wait_while("find:")
        self.quit(screen)

    def test_an_empty_list_says_what_to_do(self):
        screen = self.open_screen()
        screen.wait_for("nothing runs here yet")
        screen.send("a")
        screen.wait_for("nothing is running elsewhere, and there are no journals")
        screen.send(keys.ESCAPE)
        screen.wait_while("find:")
        self.quit(screen)

    def test_a_terminal_of_another_keeps_its_size(self):
        owner = self.owner("stty size; read line; stty size", "--tty", rows=30, columns=100)
        owner.wait_for(lambda s: len(lines(s, "terminal")) == 1)
        screen = self.watcher(rows=50, columns=200)
        screen.wait_for("terminal (stdout+stderr merged)")
        screen.resize(20, 70)
        screen.send("i\r")
        screen.wait_for("1 done")
        sizes = [line for line in lines(screen, "terminal") if line and line[0].isdigit()]
        self.assertEqual(2, len(sizes), screen.text())
        self.assertEqual(sizes[0], sizes[1])
        screen.send(keys.ESCAPE)
        screen.wait_while("stdin of 1")
        self.quit(screen)

    def test_a_name_on_the_command_line_opens_it_and_its_status_is_kept(self):
        gate = self.scratch.fifo()
        owner = self.owner(f"echo first; read x < {gate}; exit 5")
        screen = self.open_screen("attach", "job")
        screen.wait_for(lambda s: lines(s) == ["first"])
        gate.write_text("go\n")
        screen.wait_for("1 failed")
        self.quit(screen, 5)
        self.quit(owner, 5)

    def test_watching_only_refuses_input(self):
        self.owner("read line", "--stdin", "pipe")
        screen = self.open_screen("attach", "--no-stdin", "job")
        screen.wait_for("1 running")
        screen.send("i")
        screen.wait_for(lambda s: "attached to without its standard input" in bottom(s))
        self.quit(screen)

    def test_attach_alone_opens_the_list(self):
        self.run_script("true", "--name", "job")
        screen = self.open_screen("attach")
        screen.wait_for(lambda s: "┌ attach" in s.text() and "job" in s.text())
        screen.send(keys.ENTER)
        screen.wait_for("1 exec: 1 done")
        self.quit(screen)

    def test_a_gap_is_drawn_at_its_place_and_its_success_is_no_tick(self):
        self.run_script("echo before; sleep 0.2; echo after", "--name", "job")
        add_gap(self.scratch.journal(), len("before\n"))
        screen = self.open_screen("attach", "job", rows=24, columns=120)
        screen.wait_for(is_over)
        words = "── the connection was cut: output is missing here ──"
        screen.wait_for(lambda s: pane(s).rows[:3] == ["before", words, "after"])
        self.assertIn("── exit 0 · stdout truncated? output lost in a cut", pane(screen).rows[3])
        self.assertIn("! done", screen.lines()[2])
        screen.send(keys.TAB + "zw")
        screen.wait_for(lambda s: words in s.text() and "execs ─" not in s.text())
        screen.resize(24, 50)
        screen.wait_for("── output lost in a cut ──")
        self.quit(screen)
        self.assertIn("stdout truncated? (output lost in a cut)", screen.left().decode())

    def test_an_execution_of_a_boxlite_server_goes_on_when_it_is_left(self):
        server = self.start("serve", "--headless", "--listen", "127.0.0.1:0", environment={"XDG_STATE_HOME": self.scratch.home})
        server.wait_for(b"\n")
        client = RestClient(int(server.taken().split(b":")[-1]))
        gate = self.scratch.fifo()
        path = self.scratch.write("job", f"#!/bin/sh\necho first; read x < {gate}; echo last; exit 6\n", mode=0o755)
        execution = client.run(str(path))
        address = f"boxlite://127.0.0.1:{client.port}/{client.box}/{execution}"
        screen = self.open_screen("attach", address)
        screen.wait_for(lambda s: lines(s) == ["first"])
        self.assertIn("@boxlite://127.0.0.1", screen.text())
        screen.send("q")
        self.assertEqual(0, screen.finish(), screen.left().decode())
        self.assertIn("): still running, stdout 1 line", screen.left().decode())
        again = self.open_screen("attach", address)
        again.wait_for(lambda s: lines(s) == ["first"])
        gate.write_text("go\n")
        again.wait_for(lambda s: "1 failed" in header(s) and lines(s) == ["first", "last"])
        self.quit(again, 6)

    def test_the_list_has_what_runs_in_a_configured_box_on_a_server(self):
        server = self.start("serve", "--headless", "--listen", "127.0.0.1:0",
                            environment={"XDG_STATE_HOME": self.scratch.home, "XDG_RUNTIME_DIR": self.scratch.home})
        server.wait_for(b"\n")
        client = RestClient(int(server.taken().split(b":")[-1]))
        client.run("sh", "-c", "echo far; exec sleep 1000")
        self.scratch.configure(f"boxes:\n  lab: {{boxlite: 'boxlite://127.0.0.1:{client.port}/{client.box}'}}\n")
        screen = self.open_screen()
        screen.wait_for("nothing runs here yet")
        screen.send("a")
        screen.wait_for(lambda s: f"boxlite 127.0.0.1:{client.port}" in s.text() and "● running" in s.text())
        screen.send(keys.ENTER)
        screen.wait_for(lambda s: lines(s) == ["far"])
        screen.send("nsh -c 'echo near; exit 2'" + keys.TAB * 2 + "\r")
        screen.wait_for(lambda s: lines(s) == ["near"] and "1 failed" in header(s))
        self.assertIn("lab", screen.lines()[2])
        screen.send("q")
        self.assertEqual(0, screen.finish(), screen.left().decode())
        self.assertIn("still running", screen.left().decode())
