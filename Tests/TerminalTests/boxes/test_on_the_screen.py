"""Each back end driven from the real screen: chosen in the list of boxes, with input, a new size, signals and an end."""

import os

from support import MonitorCase, keys
from support.monitor import bottom, is_over, lines

SCRIPT = "trap 'echo caught; exit 7' USR1; echo out; echo err >&2; read x; echo got $x; while :; do sleep 0.1; done"
TERMINAL_SCRIPT = "stty size; read x; stty size"


class OnTheScreen:
    """The test of every back end; `box` is its name, `environment` that of the program."""

    environment = {}
    takes_signals = True

    def setUp(self):
        super().setUp()
        self.prepare()
        self.screen = self.open_screen(environment=self.environment)
        self.screen.wait_for("no execs")

    def prepare(self):
        """Makes the box, or skips."""

    def begin(self, script, key):
        """Starts a script in the box by the start prompt and the list of boxes."""
        screen = self.screen
        screen.send("n")
        screen.wait_for("start a command")
        quoted = script.replace("'", "'\\''")
        screen.send(f"sh -c '{quoted}'" + keys.control("x"))
        screen.wait_for("find:")
        screen.wait_while("looking for more")
        screen.send(self.box)
        screen.wait_for(f"▸ {self.box} ")
        screen.send(keys.ENTER)
        screen.wait_for(f"box {self.box}")
        screen.send(key + keys.ENTER)

    def type_line(self, text):
        self.screen.send("i")
        self.screen.wait_for("stdin of")
        self.screen.send(text + keys.ENTER)
        self.screen.send(keys.ESCAPE)
        self.screen.wait_while("stdin of")

    def test_two_streams_input_a_new_size_a_signal_and_the_end(self):
        screen = self.screen
        self.begin(SCRIPT, keys.control("o"))
        screen.wait_for(lambda s: lines(s) == ["out"] and lines(s, "stderr") == ["err"])
        self.type_line("hello")
        screen.wait_for(lambda s: lines(s) == ["out", "got hello"])
        screen.resize(20, 90)
        screen.wait_for(lambda s: len(s.lines()[0].rstrip()) <= 90 and lines(s) == ["out", "got hello"])
        screen.send("x")
        if not self.takes_signals:
            screen.wait_for("cannot deliver signals")
            screen.send("K")
            screen.wait_for(is_over)
            screen.wait_for("killed")
            return self.quit(screen)
        screen.wait_for("SIGTERM")
        screen.send("usr1" + keys.ENTER)
        screen.wait_for(is_over)
        self.assertEqual(["out", "got hello", "caught"], lines(screen))
        self.assertEqual("err", lines(screen, "stderr")[0])
        self.assertIn("exit 7", screen.text())
        return self.quit(screen)

    def test_a_terminal_gets_a_new_size(self):
        screen = self.screen
        self.begin(TERMINAL_SCRIPT, keys.control("t"))
        before = screen.wait_for(self.sizes)
        screen.resize(24, 100)
        screen.wait_for(lambda s: "merged" in s.text() and len(s.lines()) == 24)
        self.type_line("go")
        screen.wait_for(is_over)
        after = self.sizes(screen)
        self.assertEqual(2, len(after), screen.text())
        self.assertEqual(before, after[:1])
        self.assertGreater(before[0], after[1])
        self.assertIn("exit 0", screen.text())
        self.quit(screen)

    @staticmethod
    def sizes(screen):
        """The sizes that the command has printed, rows and columns."""
        rows = [row.split() for row in lines(screen, "terminal")]
        return [tuple(map(int, row)) for row in rows if len(row) == 2 and all(word.isdigit() for word in row)]


class LocalTests(OnTheScreen, MonitorCase):
    box = "local"


class BubblewrapTests(OnTheScreen, MonitorCase):
    box = "bwrap"

    def prepare(self):
        if (result := self.run_command("true", options=["--box", "bwrap"])).status:
            self.skipTest(result.text)


class KeptTests(OnTheScreen, MonitorCase):
    def prepare(self):
        self.box = f"kept{os.getpid()}"
        made = self.run_program("box", "create", self.box)
        if made.status:
            self.skipTest(made.text)
        self.addCleanup(self.run_program, "box", "rm", "--force", self.box)


class PrefixTests(OnTheScreen, MonitorCase):
    box = "nice"
    takes_signals = False

    def prepare(self):
        self.scratch.configure('boxes: {nice: {command: [nice, -n, "5"]}}\n')


class EngineTests(OnTheScreen):
    """A container of a real engine, which `.ci/engines` starts."""

    def prepare(self):
        socket = os.environ.get(f"BOXWATCH_TEST_{self.engine.upper()}")
        if not socket:
            self.skipTest("there are no test engines: .ci/engines starts them")
        self.box = f"{self.engine}:boxwatch-conformance"
        self.environment = {self.variable: f"unix://{socket}"}


class DockerTests(EngineTests, MonitorCase):
    engine, variable = "docker", "DOCKER_HOST"


class PodmanTests(EngineTests, MonitorCase):
    engine, variable = "podman", "CONTAINER_HOST"
