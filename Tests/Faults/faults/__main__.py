"""Injects faults into boxwatch; `.ci/faults` runs it."""

import argparse
import sys

from support.scratch import remove_all_at_signals

from .run import Campaign
from .scenarios import SCENARIOS
from .shim import Fault


def main():
    parser = argparse.ArgumentParser(prog=".ci/faults")
    parser.add_argument("extent", nargs="?", default="300", help="all, or the seconds of a sample (%(default)s)")
    parser.add_argument("--most", type=int, help="faults of a sample, however fast the machine is")
    parser.add_argument("--scenario", action="append", choices=SCENARIOS)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default="", help="KIND/CLASS")
    parser.add_argument("--jobs", type=int, default=4, help="most of a run is waiting (%(default)s)")
    parser.add_argument("--fault", nargs=5, metavar=("KIND", "CLASS", "N", "ERRNO", "MODE"),
                        help="one fault, and all of it")
    options = parser.parse_args()
    if options.fault:
        kind, place, nth, error, mode = options.fault
        return show(options.scenario or ["headless"], Fault(kind, place, int(nth), int(error), mode))
    seconds = None if options.extent == "all" else float(options.extent)
    campaign = Campaign(options.scenario or list(SCENARIOS), options.seed, seconds, options.jobs,
                        options.only, options.most)
    campaign.run()
    return campaign.report()


def show(names, fault):
    for name in names:
        outcome, calls = SCENARIOS[name](fault)
        verdict, wrong = outcome.judge()
        given = calls.get((fault.kind, fault.place), (0, 0))[1]
        verdict = verdict if given or verdict != "exact" else "missed"
        print(name, fault, "->", verdict, f"(status {outcome.status}, given {given} times)")
        for line in wrong + outcome.said:
            print("  ", line)
    return 0


remove_all_at_signals()
sys.exit(main())
