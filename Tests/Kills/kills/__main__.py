"""`.ci/kills [COUNT] [--seed N] [--victim NAME]`: SIGKILL at random moments."""

import argparse
import concurrent.futures
import random
import sys
import time

from support.scratch import Scratch, remove_all_at_signals

from .aftermath import check, kill_all
from .victims import VICTIMS


def main():
    parser = argparse.ArgumentParser(prog=".ci/kills")
    parser.add_argument("count", nargs="?", type=int, default=200)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1 << 32))
    parser.add_argument("--victim", action="append", choices=VICTIMS)
    parser.add_argument("--jobs", type=int, default=2)
    options = parser.parse_args()
    names = options.victim or list(VICTIMS)
    print(f"seed {options.seed}", flush=True)
    moments = random.Random(options.seed)
    plan = [(number, names[number % len(names)], _moment(moments)) for number in range(options.count)]
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        wrong = sum(pool.map(lambda entry: _kill(*entry), plan))
    print(f"{options.count} kills, {wrong} wrong, seed {options.seed}")
    return 1 if wrong else 0


def _moment(moments):
    """Seconds: half of the kills while things are made, half while the output comes."""
    return moments.uniform(0, 0.08) if moments.random() < 0.5 else moments.uniform(0, 0.5)


def _kill(number, name, moment):
    """Whether something was wrong after one kill."""
    scratch = Scratch()
    try:
        victim = VICTIMS[name](scratch)
        time.sleep(moment)
        kill_all(scratch)
        wrong = check(victim)
        victim.close()
    finally:
        scratch.remove()
    if wrong:
        print(f"WRONG kill {number} of {name} after {moment * 1000:.1f} ms: " + "; ".join(wrong), flush=True)
    return bool(wrong)


remove_all_at_signals()
sys.exit(main())
