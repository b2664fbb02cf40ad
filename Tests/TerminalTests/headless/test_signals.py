"""Signals reach the command's whole group, and no process is left behind (P7)."""

import os
import signal
import subprocess

from support import DEADLINE, ProgramCase, wait_until


class SignalTests(ProgramCase):
    def start_trap(self, name, *options, last="exit 7"):
        script = f"trap 'echo caught {name}; {last}' {name}; echo ready; while :; do sleep 0.05; done"
        running = self.start("run", "--headless", *options, "--", "sh", "-c", script)
        running.wait_for(b"ready\n")
        return running

    def test_each_ending_signal_reaches_the_command_which_has_the_last_word(self):
        for name in ("INT", "TERM", "HUP", "QUIT"):
            with self.subTest(signal=name):
                running = self.start_trap(name)
                running.signal(getattr(signal, f"SIG{name}"))
                result = running.finish()
                self.assert_ended(result, 7, b"ready\ncaught %s\n" % name.encode(), None)

    def test_a_command_without_a_trap_dies_of_the_signal(self):
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            with self.subTest(signal=number):
                running = self.start("run", "--headless", "--", "sh", "-c", "echo ready; exec sleep 1000")
                running.wait_for(b"ready\n")
                running.signal(number)
                self.assert_ended(running.finish(), 128 + number)

    def test_the_whole_group_gets_the_signal(self):
        child = "trap 'echo child; exit' TERM; echo ready; while :; do sleep 0.05; done"
        script = f"trap 'wait; echo parent; exit 0' TERM; sh -c \"{child}\" & wait"
        running = self.start("run", "--headless", "--", "sh", "-c", script)
        running.wait_for(b"ready\n")
        running.signal(signal.SIGTERM)
        self.assert_ended(running.finish(), 0, b"ready\nchild\nparent\n", None)
        self.assert_no_process_is_left()

    def test_a_second_interrupt_is_forwarded_and_the_third_within_two_seconds_kills(self):
        running = self.start_trap("INT", last=":")
        for _ in range(2):
            running.signal(signal.SIGINT)
            running.wait_for(b"caught INT\n")
            running.forget()
        running.signal(signal.SIGINT)
        result = running.finish()
        self.assertEqual(137, result.status)
        self.assertIn("boxwatch: interrupted three times within two seconds: killed", result.text)
        self.assert_no_process_is_left()

    def test_signals_of_the_users_own_reach_a_command_that_goes_on(self):
        for number in (signal.SIGUSR1, signal.SIGUSR2, signal.SIGALRM, signal.SIGRTMIN + 3):
            with self.subTest(signal=number):
                running = self.start_trap(str(int(number)), last=":")
                running.signal(number)
                running.wait_for(b"caught %d\n" % number)
                running.signal(signal.SIGTERM)
                self.assert_ended(running.finish(), 143, None, None)

    def test_what_was_ignored_on_entry_stays_ignored_here_and_in_the_command(self):
        script = "trap '' HUP INT USR1; exec \"$0\" run --headless -- sh -c 'grep SigIgn /proc/self/status; echo ready; read x'"
        running = self.start("-c", script, self.program, program="/bin/sh")
        running.wait_for(b"ready\n")
        ignored = int(running.taken().split()[1], 16)
        for number in (signal.SIGHUP, signal.SIGINT, signal.SIGUSR1):
            self.assertTrue(ignored & 1 << number - 1, number)
            running.signal(number)
        running.write(b"on\n")
        self.assert_ended(running.finish(), 0, None)

    def test_two_terminations_do_not_kill(self):
        running = self.start_trap("TERM", last=":")
        for _ in range(2):
            running.signal(signal.SIGTERM)
            running.wait_for(b"caught TERM\n")
            running.forget()
        self.assertIsNone(running.process.poll())
        running.signal(signal.SIGINT)
        self.assert_ended(running.finish(), 130, None, None)

    def test_a_termination_while_draining_reaches_the_grandchild_that_holds_the_pipe(self):
        running = self.start_holder()
        running.signal(signal.SIGTERM)
        self.assert_ended(running.finish(), 0, b"hi\n", None)
        self.assert_no_process_is_left()

    def test_interrupts_in_a_row_while_draining_kill_a_grandchild_that_ignores_them(self):
        # The shell starts a background command with SIGINT ignored.
        running = self.start_holder()
        running.signal(signal.SIGINT)
        running.signal(signal.SIGINT)
        wait_until(lambda: running.process.poll() is not None or running.signal(signal.SIGINT), "the end")
        self.assertEqual(b"hi\n", running.finish().stdout)
        self.assert_no_process_is_left()

    def start_holder(self):
        """A command that has ended, with a grandchild that holds its output."""
        running = self.start("run", "--headless", "--", "sh", "-c", "sleep 1000 & echo hi")
        running.wait_for(b"hi\n")
        wait_until(lambda: len(self.scratch.processes()) == 2, "the command's exit")
        return running

    def test_a_stop_stops_the_command_and_a_continue_goes_on(self):
        # One process: a shell that is stopped with a child of its own in vfork(2) shows D, not T.
        running = self.start("run", "--headless", "--", "sh", "-c", "echo $$; exec sleep 1000")
        running.wait_for(b"\n")
        child = int(running.taken())
        running.signal(signal.SIGTSTP)
        wait_until(lambda: state(child) == "T" and state(running.pid) == "T", "both stopped")
        running.signal(signal.SIGCONT)
        wait_until(lambda: state(child) != "T" and state(running.pid) != "T", "both going on")
        running.signal(signal.SIGTERM)
        self.assert_ended(running.finish(), 143, None)

    def test_a_closed_stdout_ends_a_command_that_would_never_end(self):
        reader, writer = os.pipe()
        running = self.start("run", "--headless", "--", "yes", stdout=writer)
        os.close(writer)
        with os.fdopen(reader, "rb") as file:
            self.assertEqual(b"y\n", file.readline())
        self.assertEqual(128 + signal.SIGPIPE, running.finish().status)
        self.assert_no_process_is_left()

    def test_head_takes_its_line_and_the_pipeline_ends(self):
        pipeline = subprocess.run(
            ["sh", "-c", '"$0" run --headless -- yes | head -1', self.program], capture_output=True, timeout=DEADLINE,
            env=self.scratch.environment(), check=True)
        self.assertEqual((b"y\n", b""), (pipeline.stdout, pipeline.stderr))
        self.assert_no_process_is_left()

    def test_the_command_starts_with_default_signals_and_none_blocked(self):
        result = self.run_command("grep", "-E", "Sig(Blk|Ign)", "/proc/self/status")
        # Without the C library's own two, 32 and 33, which its posix_spawn leaves ignored.
        masks = [int(line.split()[1], 16) & ~(3 << 31) for line in result.stdout.splitlines()]
        self.assertEqual([0, 0], masks)

    def test_the_command_inherits_no_descriptor_of_ours(self):
        result = self.run_command("ls", "-l", "/proc/self/fd")
        self.assertEqual(5, len(result.stdout.splitlines()), result.stdout.decode())


def state(pid):
    """A process's state letter."""
    with open(f"/proc/{pid}/stat", encoding="ascii", errors="replace") as file:
        return file.read().rpartition(")")[2].split()[0]
