"""Which faults are injected: all, or a sample that is the same for the same seed."""

import random

from .errors import errors_of
from .shim import Fault


def positions(count, most):
    """The calls that fail: the first three, the last two, and some between; `most` of them at most."""
    chosen = [1, count, 2, count - 1, 3, (count + 1) // 2, count // 3, count // 5, count // 10]
    chosen += [1 + (count - 1) * step // 20 for step in range(21)]
    found = []
    for position in chosen:
        if 1 <= position <= count and position not in found:
            found.append(position)
    return sorted(found[:most])


def every_fault(calls, most, on_screen=False):
    """All faults for the calls that a clean run made."""
    return [Fault(kind, place, nth, number, mode)
            for (kind, place), count in sorted(calls.items())
            for number, mode in errors_of(kind, place, on_screen)
            for nth in positions(count, most)]


def spread(faults, seed):
    """All faults in an order where each beginning of it is spread evenly over the kinds and classes."""
    groups = {}
    for fault in faults:
        groups.setdefault(f"{fault.kind} {fault.place}", []).append(fault)
    # Each group has an order of its own: the number of reads of one run differs from that of the next.
    for name, group in groups.items():
        random.Random(f"{seed} {name}").shuffle(group)
    names = sorted(groups, key=lambda name: random.Random(f"{name} {seed}").random())
    rounds = max(map(len, groups.values()), default=0)
    return [groups[name][turn] for turn in range(rounds) for name in names if turn < len(groups[name])]
