"""Which faults are given: every one, or a sample that is the same for the same seed."""

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
    order = random.Random(seed)
    groups = {}
    for fault in faults:
        groups.setdefault((fault.kind, fault.place), []).append(fault)
    for group in groups.values():
        order.shuffle(group)
    rounds, result = list(groups.values()), []
    while rounds:
        order.shuffle(rounds)
        result += [group.pop() for group in rounds]
        rounds = [group for group in rounds if group]
    return result
