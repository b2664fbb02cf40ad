"""Each signal that ends a process, on each thread of the monitor: the terminal is restored, no command is left (P7, P8)."""

import signal

from support import MonitorCase, wait_until
from support.restored import assert_restored
from support.threads import ENDING, FAULTS, raise_on, rounds, thread_name, threads

#: The main thread, the pruner, a pump, the loop and the two workers of the private socket.
THREADS = 6


class EverySignalTests(MonitorCase):
    def open_running(self):
        screen = self.watch_script("echo here; exec sleep 1000")
        screen.wait_for("here")
        wait_until(lambda: screen.pump() and self.has_all_threads(screen.pid), "all threads")
        return screen

    @staticmethod
    def has_all_threads(pid):
        names = [thread_name(pid, thread) for thread in threads(pid)]
        return len(names) == THREADS and any(name.startswith("NIO") for name in names)

    def raise_in(self, number, place):
        screen = self.open_running()
        thread = threads(screen.pid)[place]
        name = thread_name(screen.pid, thread)
        raise_on(screen.pid, thread, number)
        try:
            status = screen.finish()
            assert_restored(self, screen)
        except AssertionError as error:
            raise AssertionError(f"signal {int(number)} on {name}: {error}") from error
        self.assert_no_process_is_left()
        return status, screen.left().decode()

    def test_a_fault_is_reported_and_ends_the_command(self):
        for number, places in rounds(FAULTS, THREADS):
            for place in places:
                status, left = self.raise_in(number, place)
                self.assertEqual(-number, status)
                self.assertIn(f"boxwatch: crashed ({number.name}); the command was killed", left)

    def test_any_other_ends_the_monitor_in_order(self):
        for number, places in rounds(ENDING, THREADS):
            for place in places:
                status, left = self.raise_in(number, place)
                self.assertEqual(128 + number, status)
                self.assertIn("signalled, SIGTERM", left)

    def test_two_threads_that_crash_at_once_end_it_once(self):
        screen = self.open_running()
        for thread in threads(screen.pid):
            try:
                raise_on(screen.pid, thread, signal.SIGSEGV)
            except OSError:
                break
        self.assertEqual(-signal.SIGSEGV, screen.finish())
        assert_restored(self, screen)
        self.assertEqual(1, screen.left().count(b"crashed"))
        self.assert_no_process_is_left()
