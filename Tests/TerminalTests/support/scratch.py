"""A world of its own for one test: folders, environment, and a mark by which its processes are found again."""

import os
import pathlib
import shutil
import signal
import tempfile
import time
import uuid

MARK = "BOXWATCH_TEST_MARK"

#: The worlds that are not removed yet.
LIVE = set()


def remove_all_at_signals():
    """Has what asks this process to end also end what runs in every world, which would go on by itself."""
    def end(number, _):
        worlds = list(LIVE)
        # Twice: another thread may be about to start something.
        for scratch in worlds:
            scratch.remove()
        time.sleep(0.2)
        for scratch in worlds + list(LIVE):
            scratch.remove()
        os._exit(128 + number)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, end)


class Scratch:
    """Temporary HOME, state and configuration folders, and the environment that names them."""

    def __init__(self):
        self.path = pathlib.Path(tempfile.mkdtemp(prefix="boxwatch-e2e-"))
        self.home = self._folder("home")
        self.state = self._folder("state")
        self.config = self._folder("config")
        self.work = self._folder("work")
        self.runtime = self._folder("runtime")
        self.runtime.chmod(0o700)
        self.mark = uuid.uuid4().hex
        LIVE.add(self)

    def _folder(self, name):
        folder = self.path / name
        folder.mkdir()
        return folder

    def environment(self, **changes):
        """A small environment; a change to None takes a variable away."""
        values = {
            "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
            "HOME": str(self.home),
            "LANG": "C.UTF-8",
            "TERM": "xterm-256color",
            "XDG_STATE_HOME": str(self.state),
            "XDG_CONFIG_HOME": str(self.config),
            "XDG_RUNTIME_DIR": str(self.runtime),
            # A debug build under a terminal would ask what to do with its own crash.
            "SWIFT_BACKTRACE": "enable=no",
            MARK: self.mark,
        }
        values.update(changes)
        return {name: str(value) for name, value in values.items() if value is not None}

    @property
    def sockets(self):
        """Where the private sockets are."""
        return self.runtime / "boxwatch"

    @property
    def executions(self):
        """Where the journals are."""
        return self.state / "boxwatch" / "executions"

    def journals(self):
        """The journals' folders, oldest first."""
        if not self.executions.is_dir():
            return []
        return sorted(folder for folder in self.executions.iterdir() if not folder.name.startswith("."))

    def journal(self):
        """The only journal there is."""
        folders = self.journals()
        if len(folders) != 1:
            raise AssertionError(f"expected one journal, found {folders}")
        return folders[0]

    def write(self, name, content, mode=None):
        """Writes a file in the work folder, and returns its path."""
        path = self.work / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        if mode is not None:
            path.chmod(mode)
        return path

    def configure(self, text, name="config.yaml"):
        """Writes a file of the user's configuration, and returns its path."""
        path = self.config / "boxwatch" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return path

    def fifo(self, name="gate"):
        """A pipe with a name: a command that reads it waits until the test writes."""
        path = self.work / name
        os.mkfifo(path)
        return path

    def processes(self):
        """The living processes that carry this scratch's mark, boxwatch and all it started."""
        wanted = f"{MARK}={self.mark}".encode()
        return [pid for pid in map(int, filter(str.isdigit, os.listdir("/proc"))) if _carries(pid, wanted)]

    def remove(self):
        """Ends what is left and removes the folders."""
        for pid in self.processes():
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
        shutil.rmtree(self.path, ignore_errors=True)
        LIVE.discard(self)


def _carries(pid, wanted):
    try:
        with open(f"/proc/{pid}/environ", "rb") as file:
            return wanted in file.read().split(b"\0")
    except OSError:
        return False
