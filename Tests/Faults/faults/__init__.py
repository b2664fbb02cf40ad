"""Fault injection: one system call of boxwatch fails, and the outcome of the run is judged."""

import os
import pathlib
import sys

HERE = pathlib.Path(__file__).resolve().parents[1]
# The scratch worlds, the pseudo terminals and the emulator are those of the terminal tests.
sys.path.insert(0, str(HERE.parent / "TerminalTests"))
# A client that waits for what a fault has taken need not do so for long.
os.environ.setdefault("BOXWATCH_TEST_PATIENCE", "0.4")
