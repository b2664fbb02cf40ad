"""`--box docker:NAME` and the like: commands in containers of real engines, which `.ci/engines` starts."""

import json
import os
import re
import signal
import subprocess

from support import MonitorCase
from support.deadline import wait_until
from support.monitor import header, is_over, lines, pane

SOCKETS = {name: os.environ.get(f"BOXWATCH_TEST_{name.upper()}") for name in ("docker", "podman")}
IMAGES = {"docker": "boxwatch-test", "podman": "localhost/boxwatch-test"}
CONTAINER = "boxwatch-conformance"


class ContainerTests(MonitorCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if not all(SOCKETS.values()):
            cls.skipTest(cls, "there are no test engines: .ci/engines starts them")

    def setUp(self):
        super().setUp()
        self.engines = {"DOCKER_HOST": f"unix://{SOCKETS['docker']}", "CONTAINER_HOST": f"unix://{SOCKETS['podman']}"}

    def each(self):
        """Each engine in turn."""
        for name in SOCKETS:
            with self.subTest(engine=name):
                yield name

    def run_in(self, box, *command, options=(), **more):
        return self.run_command(*command, options=["--box", box, *options], environment=self.engines, **more)

    def throw_away(self, engine):
        """The throw-away containers that an engine has."""
        found = subprocess.run(
            ["docker", "-H", f"unix://{SOCKETS[engine]}", "ps", "-aq", "--filter", "label=boxwatch=throw-away"],
            capture_output=True, check=True)
        return found.stdout.split()

    def container(self, engine, script):
        """Starts a container; its name. It is removed after the test."""
        client = ["docker", "-H", f"unix://{SOCKETS[engine]}"]
        made = subprocess.run([*client, "run", "-d", "--network", "none", IMAGES[engine], "sh", "-c", script],
                              capture_output=True, check=True)
        name = made.stdout.decode().strip()
        self.addCleanup(subprocess.run, [*client, "rm", "-f", name], capture_output=True, check=True)
        return name

    def test_streams_input_and_status_are_the_commands(self):
        for engine in self.each():
            result = self.run_in(f"{engine}:{CONTAINER}", "sh", "-c", "cat; printf 'o\\0ut'; printf err >&2; exit 7",
                                 data=b"in")
            self.assert_ended(result, 7, b"ino\0ut", b"err")

    def test_variables_directory_and_user_are_used(self):
        for engine in self.each():
            result = self.run_in(f"{engine}:nobody@{CONTAINER}", "sh", "-c", 'echo "$A"; pwd; id -un',
                                 options=["-e", "A=x y", "--workdir", "/usr"])
            self.assert_ended(result, 0, b"x y\n/usr\nnobody\n")

    def test_start_failures_have_different_statuses(self):
        for engine in self.each():
            for command, status in (("no-such-command", 127), ("/etc", 126)):
                result = self.run_in(f"{engine}:{CONTAINER}", command)
                self.assertEqual((status, b""), (result.status, result.stdout), result.text)
                self.assertIn(command, result.text)
                self.assertEqual(1, len(result.text.splitlines()), result.text)

    def test_an_engine_that_is_not_there_is_named(self):
        for engine in self.each():
            self.engines = {"DOCKER_HOST": "unix:///nowhere/engine", "CONTAINER_HOST": "unix:///nowhere/engine"}
            result = self.run_in(f"{engine}:web", "true")
            self.assertEqual(125, result.status)
            self.assertIn("/nowhere/engine", result.text)

    def test_a_throw_away_container_is_gone_at_the_end(self):
        for engine in self.each():
            box = f"{engine}-image:{IMAGES[engine]}"
            self.assert_ended(self.run_in(box, "sh", "-c", "echo out; echo err >&2; exit 3"), 3, b"out\n", b"err\n")
            wait_until(lambda: not self.throw_away(engine), "the throw-away container's removal")

    def test_a_termination_reaches_the_command(self):
        script = "trap 'echo caught; exit 9' TERM; echo ready; while :; do sleep 0.05; done"
        for engine in self.each():
            running = self.start("run", "--headless", "--box", f"{engine}:{CONTAINER}", "--", "sh", "-c", script,
                                 environment=self.engines)
            running.wait_for(b"ready\n")
            running.signal(signal.SIGTERM)
            self.assert_ended(running.finish(), 9, b"ready\ncaught\n", None)

    def test_the_monitor_shows_both_streams_and_the_end(self):
        for engine in self.each():
            screen = self.open_screen("run", "--box", f"{engine}:{CONTAINER}", "--", "sh", "-c",
                                      "echo from$((1+1)) && echo warn$((2+2)) >&2; exit 4", environment=self.engines)
            screen.wait_for(is_over, "the end")
            self.assertEqual(["from2"], lines(screen))
            self.assertEqual(["warn4"], lines(screen, "stderr"))
            self.quit(screen, 4)

    def test_a_terminal_in_the_monitor_has_the_panes_size(self):
        for engine in self.each():
            screen = self.open_screen("run", "--tty", "--box", f"{engine}:{CONTAINER}", "--", "sh", "-c",
                                      "stty size; test -t 0 && echo terminal", environment=self.engines)
            screen.wait_for(is_over, "the end")
            found = pane(screen, "terminal")
            self.assertEqual([f"{len(found.rows)} {found.width - 1}", "terminal"], found.rows[:2])
            self.quit(screen)

    def test_an_attach_reads_a_container_from_its_first_line_to_its_exit_code(self):
        for engine in self.each():
            name = self.container(engine, "echo early; echo err >&2; sleep 1; printf late; exit 6")
            result = self.run_program("attach", f"{engine}:{name}", environment=self.engines)
            self.assert_ended(result, 6, b"early\nlate", b"err\n")
            # And once more, now that it is over.
            result = self.run_program("attach", f"{engine}:{name}", environment=self.engines)
            self.assert_ended(result, 6, b"early\nlate", b"err\n")

    def test_leaving_an_attached_container_keeps_it_running(self):
        for engine in self.each():
            name = self.container(engine, "echo early; while :; do sleep 0.1; done")
            running = self.start("attach", f"{engine}:{name}", environment=self.engines)
            running.wait_for(b"early\n")
            running.signal(signal.SIGINT)
            running.finish()
            state = subprocess.run(["docker", "-H", f"unix://{SOCKETS[engine]}", "inspect", "-f", "{{.State.Running}}", name],
                                   capture_output=True, check=True)
            self.assertEqual(b"true\n", state.stdout)

    def test_an_attach_to_a_missing_container_is_reported(self):
        for engine in self.each():
            result = self.run_program("attach", f"{engine}:nowhere", environment=self.engines)
            self.assertEqual(125, result.status, result.text)
            self.assertIn("nowhere", result.text)
            self.assertEqual(1, len(result.text.splitlines()), result.text)

    def test_the_list_of_boxes_has_what_runs_and_what_can_be_made(self):
        result = self.run_program("boxes", environment=self.engines)
        self.assertEqual(0, result.status, result.text)
        found = [line.split()[:2] for line in result.stdout.decode().splitlines()]
        for engine in SOCKETS:
            self.assertIn([f"{engine}:{CONTAINER}", "container"], found)
            self.assertIn([f"{engine}-image:{IMAGES[engine]}:latest", "image"], found)

    def test_the_list_of_boxes_says_which_engine_cannot_be_asked(self):
        result = self.run_program("boxes", environment={"DOCKER_HOST": "unix:///nowhere/engine"})
        self.assertEqual(0, result.status, result.text)
        line = next(line for line in result.stdout.decode().splitlines() if line.startswith("docker"))
        self.assertRegex(line, r"^docker +engine +not usable: .*/nowhere/engine")

    def test_a_container_has_a_name_in_the_configuration(self):
        for engine in self.each():
            config = self.scratch.write(
                f"{engine}.yaml", f"boxes:\n  web: {{container: '{engine}:{CONTAINER}'}}\n"
                                  f"  new: {{container: '{engine}-image:{IMAGES[engine]}'}}\n")
            for box in ("web", "new"):
                result = self.run_in(box, "sh", "-c", "echo in; exit 2", options=["--config", str(config)])
                self.assert_ended(result, 2, b"in\n")

    def test_the_monitor_watches_several_containers(self):
        names = [f"{engine}:{self.container(engine, f'echo {engine}; exit 5')}" for engine in SOCKETS]
        screen = self.open_screen("attach", *names, environment=self.engines)
        screen.wait_for(lambda screen: "2 failed" in header(screen), "both ends")
        screen.send("1")
        screen.wait_for(lambda screen: lines(screen) == ["docker"], "Docker's output")
        screen.send("2")
        screen.wait_for(lambda screen: lines(screen) == ["podman"], "Podman's output")
        self.quit(screen, 5)

    def test_the_monitor_watches_a_container(self):
        for engine in self.each():
            name = self.container(engine, "echo out; echo err >&2; sleep 2; echo over; exit 5")
            screen = self.open_screen("attach", f"{engine}:{name}", environment=self.engines)
            screen.wait_for(is_over, "the end")
            self.assertEqual(["out", "over"], lines(screen))
            self.assertEqual(["err"], lines(screen, "stderr"))
            self.quit(screen, 5)

    def other(self, engine, name, script):
        """Starts a command in a container as another client does."""
        client = subprocess.Popen(["docker", "-H", f"unix://{SOCKETS[engine]}", "exec", name, "sh", "-c", script],
                                  stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.addCleanup(client.wait)

    def test_the_monitor_shows_what_others_run_in_a_container(self):
        script = "while [ ! -e /tmp/go ]; do sleep 0.1; done; echo late; exit 7"
        for engine in self.each():
            name = self.container(engine, "while :; do sleep 0.1; done")
            screen = self.open_screen("attach", f"{engine}:{name}", "--execs", columns=150, environment=self.engines)
            screen.wait_for(lambda screen: "1 running" in header(screen), "the container")
            self.other(engine, name, script)
            screen.wait_for(lambda screen: "2 running" in header(screen), "the other's command")
            screen.send("2")
            self.other(engine, name, "touch /tmp/go")
            screen.wait_for(lambda screen: "exit 7" in screen.text(), "its exit code")
            if engine == "podman":
                screen.wait_for(lambda screen: "late" in lines(screen), "its output")
                self.assertTrue(any("attached late" in row for row in pane(screen).rows), screen.text())
            else:
                self.assertIn("output not available", screen.text())
                self.assertTrue(any("not available" in row for row in pane(screen).rows), screen.text())
            self.quit(screen)

    def test_json_lines_show_what_others_run_and_end_with_the_container(self):
        for engine in self.each():
            name = self.container(engine, "echo main; sleep 3; exit 5")
            running = self.start("attach", "--json", "--execs", f"{engine}:{name}", environment=self.engines)
            running.wait_for(b"main")
            self.other(engine, name, "sleep 1; echo late; exit 7")
            result = running.finish()
            self.assertEqual(5, result.status, result.text)
            events = [json.loads(line) for line in result.stdout.splitlines()]
            main = events[0]["id"]
            found = {event["event"]: event for event in events if event["id"] != main}
            self.assertEqual(7, found["exit"]["code"])
            self.assertEqual(["sh", "-c", "sleep 1; echo late; exit 7"], found["started"]["command"])
            self.assertEqual(engine == "podman", "stdout" in found)
            self.assertIn("late" if engine == "podman" else "not available", found["gap"]["reason"])

    def test_what_is_used_stands_in_a_wide_list(self):
        for engine in self.each():
            screen = self.open_screen("run", "--box", f"{engine}:{CONTAINER}", "--", "sh", "-c", "while :; do :; done",
                                      columns=200, environment=self.engines)
            screen.wait_for(lambda screen: re.search(r"\d\d%.*[kM]B.* box .*\d%.*[kM]B", screen.text()), "both, in numbers")
            screen.send("K")
            screen.wait_for(is_over, "the end")
            self.assertNotRegex(screen.text(), r"\d%")
            self.quit(screen, 137)

    def test_others_commands_are_for_containers_and_without_a_screen_for_programs(self):
        for arguments, words in ((["--execs", "x"], "--execs is for containers"),
                                 (["--execs", "docker:web"], "--execs needs --json"),
                                 (["docker:web/"], "does not name a command in a container")):
            result = self.run_program("attach", *arguments, environment=self.engines)
            self.assertNotEqual(0, result.status)
            self.assertIn(words, result.text)
