"""Verdicts that are wrong and stay so, each with the reason."""

#: (scenario or "*", kind, class or "*", a word of the verdict) -> why.
REASONS = {}


def reason_for(scenario, fault, reasons):
    """Why a wrong verdict is accepted, or nothing."""
    text = "; ".join(reasons)
    for (name, kind, place, word), reason in REASONS.items():
        if name in ("*", scenario) and kind == fault.kind and place in ("*", fault.place) and word in text:
            return reason
    return None
