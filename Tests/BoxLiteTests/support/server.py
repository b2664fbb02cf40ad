"""A running server: boxwatch, or the one that announces the end too early."""

import os
import pathlib
import selectors
import shutil
import subprocess
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[3]

#: The program: $BOXWATCH, or the debug build.
BOXWATCH = os.environ.get("BOXWATCH", str(ROOT / ".build" / "debug" / "boxwatch"))
EXIT_FIRST = str(ROOT / ".build" / "debug" / "boxlite-exit-first")


class Server:
    """Starts the program and waits for its address."""

    def __init__(self, *arguments, program=None, listen="127.0.0.1:0", environment=None, folder=None):
        self.state = pathlib.Path(tempfile.mkdtemp(prefix="boxwatch-rest-", dir=folder))
        self.errors = self.state / "stderr"
        command = [program] if program else [BOXWATCH, "serve", "--headless", "--listen", listen, *arguments]
        values = {"PATH": os.environ["PATH"], "HOME": str(self.state), "XDG_STATE_HOME": str(self.state),
                  "SWIFT_BACKTRACE": "enable=no", **(environment or {})}
        with open(self.errors, "wb") as errors:
            self.process = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors, env=values)
        with selectors.DefaultSelector() as selector:
            selector.register(self.process.stdout, selectors.EVENT_READ)
            line = self.process.stdout.readline().decode() if selector.select(30) else ""
        if not line.startswith("listening on "):
            words = self.errors.read_text()
            self.close()
            raise AssertionError(f"the server did not start: {line!r} {words!r}")
        self.address = line.removeprefix("listening on ").strip()

    @property
    def port(self):
        return int(self.address.rpartition(":")[2])

    @property
    def url(self):
        return f"http://{self.address}"

    def close(self):
        """Asks it to end, and returns its status."""
        if self.process.poll() is None:
            self.process.terminate()
        try:
            return self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            return self.process.wait()
        finally:
            self.process.stdin.close()
            self.process.stdout.close()
            shutil.rmtree(self.state, ignore_errors=True)
