"""`.ci/kills [COUNT] [--seed N] [--victim NAME]`: SIGKILL at random moments."""

import argparse
import concurrent.futures
import random
import sys
import time

from support.scratch import Scratch, remove_all_at_signals

from .aftermath import UNRECORDED, check, kill_all
from .victims import VICTIMS

#: The share of kills after which a command may go without a name: the moment is a small part of a run.
MOST_EXCUSED = 0.05


def main():
    parser = argparse.ArgumentParser(prog=".ci/kills")
    parser.add_argument("count", nargs="?", type=int, default=200)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1 << 32))
    parser.add_argument("--victim", action="append", choices=VICTIMS)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--seconds", type=float, default=float("inf"), help="no kill begins later")
    options = parser.parse_args()
    names = options.victim or list(VICTIMS)
    print(f"seed {options.seed}", flush=True)
    moments = random.Random(options.seed)
    plan = [(number, names[number % len(names)], _moment(moments)) for number in range(options.count)]
    end = time.monotonic() + options.seconds
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        results = [result for result in pool.map(lambda entry: _kill(*entry, end), plan) if result]
    wrong, excused = sum(bool(complaints) for complaints, _ in results), sum(count for _, count in results)
    if excused:
        print(f"{excused} commands that went on are not named: {UNRECORDED}")
    print(f"{len(results)} kills, {wrong} wrong, seed {options.seed}")
    is_too_often = sum(bool(count) for _, count in results) > max(1, len(results) * MOST_EXCUSED)
    if is_too_often:
        print("WRONG: the moment in which that can happen is too short for so many")
    return 1 if wrong or is_too_often or not results else 0


def _moment(moments):
    """Seconds: half of the kills while things are made, half while the output comes."""
    return moments.uniform(0, 0.08) if moments.random() < 0.5 else moments.uniform(0, 0.5)


def _kill(number, name, moment, end):
    """What was wrong after one kill, and how many commands are excused; nothing when it is too late for it."""
    if time.monotonic() > end:
        return None
    scratch = Scratch()
    try:
        victim = VICTIMS[name](scratch)
        time.sleep(moment)
        kill_all(scratch)
        wrong, excused = check(victim)
        victim.close()
    finally:
        scratch.remove()
    if wrong:
        print(f"WRONG kill {number} of {name} after {moment * 1000:.1f} ms: " + "; ".join(wrong), flush=True)
    return wrong, excused


remove_all_at_signals()
sys.exit(main())
