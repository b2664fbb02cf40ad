"""`.ci/soak MINUTES [--seed N]`: a server with a screen, one without, clients and short runs at the same time."""

import argparse
import random
import re
import subprocess
import sys
import threading
import time

from support.monitor import header
from support.program import BOXWATCH
from support.scratch import Scratch, remove_all_at_signals
from support.screen import Screen

from .samples import Samples, folder_count, holdings, trend
from .work import Tally, serve_client, short_runs

#: How long a finished execution is known to a server here: what it still knows is no growth.
OPTIONS = ("--retention", "5s")
#: Seconds in which what the load took must be given back, and journals be pruned.
SETTLING = 60
KEPT = 220


class Soak:
    def __init__(self, seconds, seed):
        self.seconds, self.seed, self.tally, self.wrong = seconds, seed, Tally(), []
        self.scratch = Scratch()
        self._choices = random.Random(seed)
        self._failures = []

    def run(self):
        print(f"seed {self.seed}, {self.seconds / 60:g} minutes", flush=True)
        server, port = self._start_server()
        screen, screen_port = self._start_monitor()
        processes = {"server": server.pid, "monitor": screen.pid}
        try:
            self._load(processes, port, screen_port)
        finally:
            self._end(server, screen)
            self.scratch.remove()
        return self._report()

    def _start_server(self):
        server = subprocess.Popen([BOXWATCH, "serve", "--headless", "--listen", "127.0.0.1:0", *OPTIONS],
                                  env=self.scratch.environment(), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)
        return server, int(re.search(rb":(\d+)", server.stdout.readline())[1])

    def _start_monitor(self):
        screen = Screen(self.scratch, "serve", "--listen", "127.0.0.1:0", *OPTIONS)
        found = screen.wait_for(lambda s: re.search(r"serve 127\.0\.0\.1:(\d+) ", header(s)))
        self._drawing = threading.Thread(target=self._draw, args=(screen,), daemon=True)
        self._is_drawing = True
        self._drawing.start()
        return screen, int(found[1])

    def _draw(self, screen):
        # The emulator is not fed: what is drawn is not looked at here, only taken.
        screen._stream.feed = lambda data: None
        while self._is_drawing and screen.pump(0.2):
            del screen.raw[:]

    def _load(self, processes, port, screen_port):
        before = {name: holdings(pid) for name, pid in processes.items()}
        samples = Samples(processes, self.scratch.executions)
        end = time.monotonic() + self.seconds
        workers = [self._worker(serve_client, at, end=end) for at in (port, port, screen_port, screen_port)]
        workers += [self._worker(short_runs, self.scratch, options, end=end) for options in ((), ("--box", "bwrap"))]
        for worker in workers:
            worker.join()
        samples.stop()
        self.wrong += samples.growth() + self._failures
        print(*samples.table(), f"journals: most {max(samples.folders)}, at the end {samples.folders[-1]}", sep="\n")
        self._settle(processes, before)

    def _worker(self, body, *arguments, end):
        def work():
            try:
                body(*arguments, random.Random(seed), self.tally, lambda: time.monotonic() > end)
            except Exception as error:  # A worker that dies is what is looked for here.
                self._failures.append(f"{body.__name__}: {error!r}")
        seed = self._choices.randrange(1 << 32)
        worker = threading.Thread(target=work)
        worker.start()
        return worker

    def _settle(self, processes, before):
        """The resources of the load are released, and old journals removed, within a minute."""
        end = time.monotonic() + SETTLING
        while left := self._unsettled(processes, before):
            if time.monotonic() > end:
                self.wrong += left
                return
            time.sleep(0.5)

    def _unsettled(self, processes, before):
        left = []
        for name, pid in processes.items():
            (_, old_files, old_threads), (_, files, threads) = before[name], holdings(pid)
            if files > old_files + 32:
                left.append(f"{name}: {files} descriptors after the load, {old_files} before")
            if threads > old_threads + 8:
                left.append(f"{name}: {threads} threads after the load, {old_threads} before")
        count = folder_count(self.scratch.executions)
        return left + ([f"{count} journals are kept"] if count > KEPT else [])

    def _end(self, server, screen):
        self._is_drawing = False
        self._drawing.join()
        for process, end in ((server, server.terminate), (screen, lambda: screen.signal(15))):
            end()
        if (status := server.wait(30)) != 0:
            self.wrong.append(f"the server ended with {status}")
        server.stdout.close()
        if (status := screen.status()) != 0:
            self.wrong.append(f"the monitor ended with {status}")
        screen.close()
        if left := self.scratch.processes():
            self.wrong.append(f"left processes: {left}")

    def _report(self):
        peaks = trend("short runs: most memory in KiB", self.tally.peaks, 0.15, 16 << 10)
        self.wrong += self.tally.wrong + ([peaks] if peaks else [])
        if not self.tally.executions:
            self.wrong.append("nothing was executed")
        done = f"{self.tally.executions} executions, {self.tally.bytes} bytes compared"
        print(f"{done}, {len(self.wrong)} wrong, seed {self.seed}")
        print(*self.wrong, sep="\n")
        return 1 if self.wrong else 0


def main():
    parser = argparse.ArgumentParser(prog=".ci/soak")
    parser.add_argument("minutes", type=float)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1 << 32))
    options = parser.parse_args()
    return Soak(options.minutes * 60, options.seed).run()


remove_all_at_signals()
sys.exit(main())
