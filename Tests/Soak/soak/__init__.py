"""Load for minutes: every byte is compared, and nothing may grow."""

import pathlib
import sys

TESTS = pathlib.Path(__file__).resolve().parents[2]
# The scratch worlds, terminals and clients of the terminal tests.
sys.path.insert(0, str(TESTS / "TerminalTests"))
