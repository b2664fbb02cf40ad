"""Builds the library that is preloaded, and reads the table of calls that it shares with us."""

import dataclasses
import os
import struct
import subprocess
import tempfile

from . import HERE
from support.program import ROOT

#: Rows of plan.c: kind, class, number of calls, number of faults.
ROW = struct.Struct("<24s24sQQ")
ROWS = 1000


def build():
    """Compiles the library when a source is newer than it; returns its path."""
    sources = sorted((HERE / "Shim").glob("*.c"))
    library = ROOT / ".build" / "faults" / "libfault.so"
    newest = max(path.stat().st_mtime for path in (HERE / "Shim").iterdir())
    if library.exists() and library.stat().st_mtime > newest:
        return library
    library.parent.mkdir(parents=True, exist_ok=True)
    made = library.with_suffix(f".{os.getpid()}")
    command = ["clang", "-shared", "-fPIC", "-O1", "-Wall", "-Wextra", "-o", made, *sources, "-ldl"]
    subprocess.run(command, check=True)
    made.rename(library)
    return library


@dataclasses.dataclass(frozen=True)
class Fault:
    """The `nth` call of a kind on a class of things fails with `error`, once or from then on; or is a short one."""

    kind: str
    place: str
    nth: int
    error: int
    mode: str

    def __str__(self):
        return f"{self.kind} {self.place} {self.nth} {self.error} {self.mode}"


class Shim:
    """The environment of one run, and what it counted."""

    def __init__(self, fault=None, keep=False):
        self._table = tempfile.NamedTemporaryFile(prefix="boxwatch-calls-")
        self._table.truncate(ROW.size * ROWS)
        self._fault = fault
        self.environment = {"LD_PRELOAD": build(), "BOXWATCH_FAULT_TABLE": self._table.name}
        if fault:
            self.environment["BOXWATCH_FAULT"] = str(fault)
        if keep:
            self.environment["BOXWATCH_FAULT_KEEP"] = "1"

    def calls(self):
        """How many calls there were of each kind and class, and how many of them failed."""
        data = self._table.seek(0) or self._table.read()
        rows = (ROW.unpack_from(data, at) for at in range(0, len(data), ROW.size))
        return {(_text(kind), _text(place)): (count, fired) for kind, place, count, fired in rows if kind[0]}

    @property
    def fired(self):
        """How often the fault was injected."""
        return self.calls().get((self._fault.kind, self._fault.place), (0, 0))[1]

    def close(self):
        self._table.close()


def _text(name):
    return name.rstrip(b"\0").decode()
