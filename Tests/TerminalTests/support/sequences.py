"""What a program may send to a real terminal, and what of it was something else."""

import re

#: Modes that the monitor itself sets and resets (xterm's control sequences).
MODES = {b"?1", b"?7", b"?12", b"?25", b"?1000", b"?1002", b"?1003", b"?1004", b"?1006", b"?1049", b"?2004", b"?2026",
         b"4"}

#: One control function: an escape sequence, or a single control character.
CONTROL = re.compile(
    rb"\x1b\[(?P<parameters>[0-?]*)(?P<intermediate>[ -/]*)(?P<final>[@-~])"
    rb"|\x1b(?P<string>[\]P_^X])(?P<body>.*?)(?:\x1b\\|\x07)"
    rb"|\x1b(?P<charset>[()*+][0-9A-Z])"
    rb"|\x1b(?P<escape>.)"
    rb"|(?P<control>[\x00-\x1f\x7f])", re.DOTALL)

#: Cursor, erasing, scrolling, repeating, tabs, margins, colours, the title's stack.
FINALS = set(b"ABCDGHIJKLMPSTXZ@`abcdefmrt")


def foreign(raw, titles=(b"boxwatch",)):
    """Every control function that the monitor has no business sending."""
    found = [match[0] for match in CONTROL.finditer(raw) if not _is_own(match, titles)]
    text = CONTROL.sub(b"", raw).decode("utf-8", "surrogateescape")
    found += [character for character in text if _is_hostile(ord(character))]
    return found


def _is_own(match, titles):
    if match["final"]:
        if match["final"] in b"hl":
            return set(re.split(rb";(?=\?)", match["parameters"])) <= MODES
        if match["final"] == b"t":
            return match["parameters"].split(b";")[0] in (b"22", b"23")
        return not match["intermediate"] and match["final"][0] in FINALS
    if match["string"]:
        return match["string"] == b"]" and match["body"] in [b"2;" + title for title in titles]
    if match["charset"]:
        return match["charset"] in (b"(B", b"(0", b")0")
    if match["escape"]:
        return match["escape"] in b"=>78M"
    return match["control"] in b"\r\n\b\t\x0f\x0e"


def _is_hostile(code):
    """C1 controls, bytes that are no UTF-8, bidi controls and other invisible formatting characters."""
    return (0x80 <= code < 0xA0 or 0xDC80 <= code <= 0xDCFF or 0x202A <= code <= 0x202E or 0x2066 <= code <= 0x2069
            or code in (0x200E, 0x200F, 0x061C, 0xFEFF, 0x2028, 0x2029))
