"""Verdicts that are wrong and stay so, each with the reason."""

#: (scenario or "*", kind, class or "*", a word of the verdict) -> why.
REASONS = {
    ("monitor", "read", "terminal", "did not end by itself"):
        "A terminal whose input fails for good has hung up: poll(2) then says so, and that ends the monitor. Here it cannot.",
    ("monitor", "write", "terminal", "is left on"):
        "A terminal that refuses output has hung up, and there is nothing to restore.",
    ("monitor", "tcsetattr", "*", "settings are not as before"):
        "Settings can only be given back by the call that fails.",
    ("monitor", "write", "memory", "said nothing"):
        "ncurses does not tell that a frame found no memory; the next change is drawn again.",
}


def reason_for(scenario, fault, reasons):
    """Why a wrong verdict is accepted, or nothing."""
    text = "; ".join(reasons)
    for (name, kind, place, word), reason in REASONS.items():
        if name in ("*", scenario) and kind == fault.kind and place in ("*", fault.place) and word in text:
            return reason
    return None
