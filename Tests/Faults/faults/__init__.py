"""Fault injection: one system call of boxwatch fails, and what became of the run is judged."""

import pathlib
import sys

HERE = pathlib.Path(__file__).resolve().parents[1]
# The scratch worlds, the pseudo terminals and the emulator are those of the terminal tests.
sys.path.insert(0, str(HERE.parent / "TerminalTests"))
