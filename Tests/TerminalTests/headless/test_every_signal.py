"""Each signal that ends a process, on each thread of a run without a screen and of a server (P7)."""

import signal

from support import ProgramCase, wait_until
from support.rest import RestClient
from support.threads import ENDING, FAULTS, raise_on, rounds, thread_name, threads

#: Of a run: the main thread, a pump, two writers, the loop and the two workers of the private socket.
RUN_THREADS = 7
#: Of a server besides its main thread: two loops and six workers, and three for the private socket.
SERVER_THREADS = 12


class EverySignalTests(ProgramCase):
    def start_running(self):
        running = self.start("run", "--headless", "--", "sh", "-c", "echo ready; exec sleep 1000")
        running.wait_for(b"ready\n")
        wait_until(lambda: self.has_threads(running.pid, RUN_THREADS), "all threads")
        return running

    @staticmethod
    def has_threads(pid, count):
        names = [thread_name(pid, thread) for thread in threads(pid)]
        return len(names) >= count and not {"boxwatch-socket", "boxwatch-loops"} & set(names)

    def raise_in(self, running, number, place):
        thread = threads(running.pid)[place]
        name = thread_name(running.pid, thread)
        raise_on(running.pid, thread, number)
        try:
            result = running.finish()
        except AssertionError as error:
            raise AssertionError(f"signal {int(number)} on {name}: {error}") from error
        self.assert_no_process_is_left()
        return result

    def test_a_fault_is_reported_and_ends_the_command(self):
        for number, places in rounds(FAULTS, RUN_THREADS):
            for place in places:
                result = self.raise_in(self.start_running(), number, place)
                self.assertEqual(-number, result.status)
                self.assertIn(f"boxwatch: crashed ({number.name}); the command was killed", result.text)

    def test_any_other_signal_is_passed_to_the_command(self):
        for number, places in rounds(ENDING, RUN_THREADS):
            for place in places:
                result = self.raise_in(self.start_running(), number, place)
                # Our own processor time is no business of the command's.
                expected = signal.SIGTERM if number == signal.SIGXCPU else number
                self.assertEqual(128 + expected, result.status, result.text)

    def serve(self):
        server = self.start("serve", "--headless", "--listen", "127.0.0.1:0")
        server.wait_for(b"\n")
        RestClient(int(server.taken().split()[-1].rpartition(b":")[2])).run("sleep", "1000")
        wait_until(lambda: self.has_threads(server.pid, SERVER_THREADS), "all threads")
        return server

    def test_a_fault_of_a_server_ends_what_it_runs(self):
        for number, places in rounds(FAULTS, SERVER_THREADS):
            for place in places:
                result = self.raise_in(self.serve(), number, place)
                self.assertEqual(-number, result.status)
                self.assertIn("the command was killed", result.text)

    def test_any_other_ends_a_server_in_order(self):
        asked = (signal.SIGHUP, signal.SIGINT, signal.SIGQUIT, signal.SIGTERM)
        for number, places in rounds(ENDING, SERVER_THREADS):
            for place in places:
                result = self.raise_in(self.serve(), number, place)
                self.assertEqual(0 if number in asked else 128 + number, result.status, result.text)
