"""`--box bwrap`: a throw-away sandbox."""

import shutil
import signal
import subprocess

from support import ProgramCase

TRY = ["bwrap", "--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc", "--unshare-all", "true"]


class BubblewrapTests(ProgramCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if shutil.which("bwrap") is None:
            cls.skipTest(cls, "bubblewrap is not installed")
        answer = subprocess.run(TRY, capture_output=True, check=False)
        if answer.returncode:
            cls.skipTest(cls, f"bubblewrap makes no sandbox here: {answer.stderr.decode().strip()}")

    def run_in_box(self, script, *options, **more):
        return self.run_script(script, "--box", "bwrap", *options, **more)

    def test_streams_and_status_are_the_commands(self):
        self.assert_ended(self.run_in_box("printf 'o\\0ut'; printf err >&2; exit 7"), 7, b"o\0ut", b"err")

    def test_input_goes_in(self):
        self.assert_ended(self.run_in_box("cat; exit 2", data=b"in\0put"), 2, b"in\0put")

    def test_there_is_no_network_but_the_loopback(self):
        result = self.run_in_box("tail -n +3 /proc/net/dev | cut -d: -f1")
        self.assertEqual({b"lo"}, {line.strip() for line in result.stdout.splitlines()})

    def test_the_root_is_read_only(self):
        script = "for at in / /usr /etc /var; do touch $at/boxwatch-test 2>/dev/null && echo $at; done"
        result = self.run_in_box(script)
        self.assertEqual(b"", result.stdout)

    def test_tmp_is_private_empty_and_writable(self):
        self.scratch.write("visible", "x")
        # A home below /tmp would be there, too, and empty.
        home = {"environment": {"HOME": "/home/none"}}
        result = self.run_in_box("ls -A /tmp | wc -l; echo kept >/tmp/file; cat /tmp/file", **home)
        self.assert_ended(result, 0, b"0\nkept\n")
        self.assert_ended(self.run_in_box("ls -A /tmp", **home), 0, b"")

    def test_only_its_own_processes_are_seen(self):
        result = self.run_in_box("ls -d /proc/[0-9]* | wc -l")
        self.assertLess(int(result.stdout), 8)

    def test_variables_and_directory_are_used(self):
        self.assert_ended(self.run_in_box('echo "$A"; pwd', "-e", "A=x y", "--workdir", "/usr"), 0, b"x y\n/usr\n")

    def test_a_hidden_directory_is_refused(self):
        self.assert_failure("run", "--headless", "--box", "bwrap", "--workdir", self.scratch.work, "--", "true",
                            words=str(self.scratch.work))

    def test_start_failures_have_different_statuses(self):
        for command, status in (("no-such-command", 127), ("/etc/passwd", 126)):
            with self.subTest(command=command):
                self.assert_failure("run", "--headless", "--box", "bwrap", "--", command, status=status, words=command)

    def test_a_termination_reaches_the_command_which_has_the_last_word(self):
        script = "trap 'echo caught; exit 9' TERM; echo ready; while :; do sleep 0.05; done"
        running = self.start("run", "--headless", "--box", "bwrap", "--", "sh", "-c", script)
        running.wait_for(b"ready\n")
        running.signal(signal.SIGTERM)
        self.assert_ended(running.finish(), 9, b"ready\ncaught\n", None)
        self.assert_no_process_is_left()

    def test_a_third_interrupt_kills_the_sandbox(self):
        script = "trap 'echo caught' INT; echo ready; while :; do sleep 0.05; done"
        running = self.start("run", "--headless", "--box", "bwrap", "--", "sh", "-c", script)
        running.wait_for(b"ready\n")
        running.signal(signal.SIGINT)
        running.wait_for(b"caught\n")
        running.signal(signal.SIGINT)
        running.wait_for(b"caught\ncaught\n")
        running.signal(signal.SIGINT)
        self.assertEqual(137, running.finish().status)
        self.assert_no_process_is_left()

    def test_a_time_limit_ends_it(self):
        result = self.run_in_box("echo ready; exec sleep 1000", "--timeout", "500ms")
        self.assert_ended(result, 124, b"ready\n", None)
        self.assert_no_process_is_left()

    def test_descendants_do_not_outlive_the_command(self):
        self.assertEqual(b"hi\n", self.run_in_box("setsid sleep 1000 & echo hi", deadline=30).stdout)
        self.assert_no_process_is_left()

    def test_killing_boxwatch_ends_the_sandbox(self):
        running = self.start("run", "--headless", "--box", "bwrap", "--", "sh", "-c", "echo ready; sleep 1000")
        running.wait_for(b"ready\n")
        running.signal(signal.SIGKILL)
        running.process.wait(30)
        self.assert_no_process_is_left()

    def test_fifty_short_commands_lose_nothing(self):
        command = ["sh", "-c", "echo X && exit 0"]
        for _ in range(49):
            command += ["---", "sh", "-c", "echo X && exit 0"]
        result = self.run_command(*command, options=["--box", "bwrap"], deadline=60)
        self.assertEqual((0, 50), (result.status, len(result.stdout.splitlines())), result.text)

    def test_a_folder_can_be_shown_and_written_to(self):
        folder = self.scratch.path / "shown"
        folder.mkdir()
        self.assert_ended(self.run_in_box("echo in >/tmp/f/x", "--bind", f"{folder}:/tmp/f"), 0)
        self.assertEqual("in\n", (folder / "x").read_text())
        refused = self.run_in_box("echo again >/tmp/f/x || exit 9", "--ro-bind", f"{folder}:/tmp/f")
        self.assert_ended(refused, 9, b"", None)

    def test_a_limit_holds_or_refuses_the_box(self):
        script = "for i in 1 2 3 4 5 6 7 8 9 10 11 12; do sleep 100 & done; echo all"
        result = self.run_in_box(script, "--pids", "4")
        self.assertNotEqual(0, result.status, result.text)
        self.assertNotIn("all\n", result.text)

    def test_options_of_a_sandbox_in_the_background_hold_too(self):
        folder = self.scratch.path / "shown"
        folder.mkdir()
        options = ["--detach", "--box", "bwrap", "--bind", f"{folder}:/tmp/f"]
        identifier = self.run_program("run", *options, "--", "sh", "-c", "echo in >/tmp/f/x").stdout.decode().strip()
        self.assertEqual(0, self.run_program("wait", identifier).status)
        self.assertEqual("in\n", (folder / "x").read_text())

    def test_a_path_that_cannot_be_shown_is_refused_before_the_start(self):
        self.assert_failure("run", "--headless", "--box", "bwrap", "--bind", "/no/such", "--", "true", words="/no/such")
        self.assert_wrong_use("run", "--headless", "--memory", "lots", "--", "true", words="512M")

    def test_a_terminal_can_be_given(self):
        result = self.run_in_box("test -t 0 && stty size", "--tty")
        self.assert_ended(result, 0, b"24 80\r\n")

    def test_a_host_without_bubblewrap_says_so(self):
        self.assert_failure("run", "--headless", "--box", "bwrap", "--", "/bin/true", words="bwrap",
                            environment={"PATH": str(self.scratch.work)})
