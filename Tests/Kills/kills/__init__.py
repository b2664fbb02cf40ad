"""Kills boxwatch with SIGKILL at random moments, and looks at what it left."""

import pathlib
import sys

TESTS = pathlib.Path(__file__).resolve().parents[2]
# The scratch worlds and pseudo terminals of the terminal tests; the listing of the fault injection.
sys.path[:0] = [str(TESTS / "TerminalTests"), str(TESTS / "Faults")]
