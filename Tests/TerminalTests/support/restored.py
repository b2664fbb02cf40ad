"""Whether a terminal was given back as it was found."""

_MODES = ((b"\x1b[?1049h", b"\x1b[?1049l"), (b"\x1b[?25l", b"\x1b[?25h"), (b"\x1b[?1000h", b"\x1b[?1000l"),
          (b"\x1b[?1006h", b"\x1b[?1006l"), (b"\x1b[?2004h", b"\x1b[?2004l"), (b"\x1b[?1h", b"\x1b[?1l"),
          (b"\x1b=", b"\x1b>"), (b"\x1b[22;2t", b"\x1b[23;2t"))


def assert_restored(case, screen):
    """Settings as before, alternate screen left, cursor shown, mouse, paste and keypad modes off."""
    case.assertEqual(screen.settings_before, screen.settings())
    raw = bytes(screen.raw)
    for on, off in _MODES:
        case.assertGreaterEqual(raw.rfind(off), 0, off)
        case.assertGreater(raw.rfind(off), raw.rfind(on), on)
