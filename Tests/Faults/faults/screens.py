"""The monitor under a fault: waiting for its end, leaving it, and what it said."""

import re
import signal
import time

from support.monitor import is_over

from .rest import STILL, Rest

#: The modes that the monitor sets, and what takes each back.
MODES = ((b"\x1b[?1049h", b"\x1b[?1049l"), (b"\x1b[?25l", b"\x1b[?25h"), (b"\x1b[?1000h", b"\x1b[?1000l"),
         (b"\x1b[?1006h", b"\x1b[?1006l"), (b"\x1b[?2004h", b"\x1b[?2004l"), (b"\x1b[?1h", b"\x1b[?1l"))
#: What explains on the screen.
EXPLAINS = re.compile(r"[^│┌┐└┘]*(?:cannot|could not|stalled|truncated|disk full|lost|interrupted|not recorded|"
                      r"failed to)[^│┌┐└┘]*")


def leave(scratch, screen, outcome):
    """Waits until the command is over or stalled, and quits."""
    rest = Rest(scratch)
    while screen.pump() and not is_over(screen) and not rest.is_stuck:
        if rest.seconds > STILL and _explained(screen):
            break
    outcome.asked = not is_over(screen) and not screen.ended
    outcome.said += _explained(screen)
    _quit(scratch, screen, outcome)


def _quit(scratch, screen, outcome):
    """Types what quits; sends SIGTERM when keys do not reach it."""
    if not _ends(scratch, screen, lambda: screen.send("y" if "kill and quit" in screen.text() else "q")):
        outcome.asked = True
        screen.signal(signal.SIGTERM)
        _ends(scratch, screen)
    outcome.status = screen.status_now()


def _ends(scratch, screen, ask=lambda: None):
    """Sends the quit keys every second; returns whether it ended."""
    rest, asks = Rest(scratch), 0.0
    while screen.status_now() is None and not rest.is_stuck:
        if not screen.ended and time.monotonic() > asks:
            asks = time.monotonic() + 1
            ask()
        if not screen.pump(0.02):
            time.sleep(0.02)
    while screen.pump(0):
        pass
    return screen.status_now() is not None


def _explained(screen):
    return [match.strip() for line in screen.lines() for match in EXPLAINS.findall(line)]


def screen_words(screen):
    """The text in the terminal after the screen was closed, or when it was never opened."""
    text = (screen.left() or bytes(screen.raw)).decode("utf-8", "replace")
    return [line.strip() for line in text.splitlines() if line.startswith("boxwatch: ")]


def is_restored(screen, outcome):
    """Notes a terminal that was not restored."""
    if screen.settings() != screen.settings_before:
        outcome.problems.append("the terminal's settings are not as before")
    raw = bytes(screen.raw)
    outcome.problems += [f"mode {on!r} is left on" for on, off in MODES if raw.rfind(off) < raw.rfind(on)]
