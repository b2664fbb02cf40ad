"""The runs that are killed: each starts boxwatch on commands whose output is known."""

import contextlib
import re
import subprocess
import threading

from support.program import BOXWATCH
from support.rest import RestClient
from support.screen import Screen

#: Deaf to what a death of its reader sends it, so that it would be left; ends by itself later than any look at it.
SCRIPT = r"""trap '' PIPE HUP TERM; seq 1 50000; i=0
while [ $i -lt 200 ]; do i=$((i+1)); echo "line $i"; [ $((i % 20)) = 0 ] && echo "note $i" >&2 && sleep 0.01; done
exec sleep 100"""

STDOUT = b"".join(b"%d\n" % number for number in range(1, 50001)) + b"".join(b"line %d\n" % n for n in range(1, 201))
STDERR = b"".join(b"note %d\n" % number for number in range(20, 201, 20))
COMMAND = ("sh", "-c", SCRIPT)


class Victim:
    """A running boxwatch. `ends_commands` says whether its commands must go with it."""

    def __init__(self, scratch, ends_commands=False):
        self.scratch, self.ends_commands = scratch, ends_commands
        self._closing = contextlib.ExitStack()

    def start(self, *arguments, **options):
        process = subprocess.Popen([BOXWATCH, *arguments], env=self.scratch.environment(), cwd=self.scratch.work,
                                   start_new_session=True, **options)
        self._closing.callback(process.wait)
        return process

    def close(self):
        self._closing.close()


class Headless(Victim):
    """One command without a screen; what came out of it is kept too."""

    def __init__(self, scratch, *options, ends_commands=False):
        super().__init__(scratch, ends_commands)
        self._out = open(scratch.path / "out", "wb")
        self._closing.callback(self._out.close)
        self.start("run", "--headless", *options, "--", *COMMAND, stdout=self._out, stderr=subprocess.DEVNULL,
                   stdin=subprocess.DEVNULL)

    def delivered(self):
        return (self.scratch.path / "out").read_bytes()


class Several(Victim):
    """Four commands of one boxwatch."""

    def __init__(self, scratch):
        super().__init__(scratch)
        words = [word for _ in range(4) for word in (*COMMAND, "---")][:-1]
        self.start("run", "--headless", "--", *words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                   stdin=subprocess.DEVNULL)


class Detached(Victim):
    """A command in the background; starter and host are killed alike."""

    def __init__(self, scratch):
        super().__init__(scratch)
        self.start("run", "--detach", "--", *COMMAND, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


class Monitored(Victim):
    """A monitor in a pseudo terminal."""

    def __init__(self, scratch):
        super().__init__(scratch)
        screen = Screen(scratch, "run", "--", *COMMAND)
        self._closing.callback(screen.close)
        reader = threading.Thread(target=_read_all, args=(screen,), daemon=True)
        reader.start()
        self._closing.callback(reader.join, 10)


def _read_all(screen):
    while screen.pump(0.2):
        pass


class Served(Victim):
    """A server with two commands of a client."""

    def __init__(self, scratch):
        super().__init__(scratch)
        server = self.start("serve", "--headless", "--listen", "127.0.0.1:0", stdout=subprocess.PIPE,
                            stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL)
        self._closing.callback(server.stdout.close)
        found = re.search(rb"127\.0\.0\.1:(\d+)", server.stdout.readline())
        if not found:
            raise AssertionError("the server did not start")
        threading.Thread(target=self._use, args=(int(found[1]),), daemon=True).start()

    @staticmethod
    def _use(port):
        # Killed in the middle of any call.
        with contextlib.suppress(OSError, AssertionError, EOFError, ValueError):
            client = RestClient(port)
            client.run_attached(*COMMAND)
            client.run_attached(*COMMAND)


VICTIMS = {
    "headless": Headless,
    "sandbox": lambda scratch: Headless(scratch, "--box", "bwrap", ends_commands=True),
    "several": Several,
    "detached": Detached,
    "monitor": Monitored,
    "serve": Served,
}
