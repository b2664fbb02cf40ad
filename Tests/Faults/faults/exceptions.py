"""Verdicts that are wrong and stay so, each with the reason."""

import dataclasses
import re


@dataclasses.dataclass(frozen=True)
class Acceptance:
    """All problems of the named kinds are accepted when each of them matches `problems`; anything else stays wrong."""

    why: str
    scenario: str
    calls: str
    problems: str

    def covers(self, scenario, fault, problems):
        return (re.fullmatch(self.scenario, scenario) and re.fullmatch(self.calls, f"{fault.kind} {fault.place}")
                and all(re.match(self.problems, problem) for problem in problems))


ACCEPTED = (
    Acceptance("An event loop of NIO cannot fail to be made: what it needs is tried before, and a fault behind the "
               "trial traps. The trap's handler gives the terminal back and ends the commands: orphans and modes stay "
               "wrong.",
               ".*", r"(epoll_create1|timerfd_create|eventfd|pthread_create) -|epoll_ctl (eventfd|timerfd)",
               r"trap: |ended by signal|output is not a beginning .*(NIOPosix|Fatal error)|status"),
    Acceptance("A terminal that refuses output has hung up: poll(2) then says so, and that ends the monitor. Here it "
               "cannot, and there is nothing to show or to restore.",
               "monitor", "write (terminal|our-stdout)", "mode .* is left on|did not end by itself"),
    Acceptance("Settings can only be taken and given back by the calls that fail.",
               "monitor", "tc[gs]etattr .*", "the terminal's settings|did not end by itself"),
    Acceptance("ncurses does not tell that a frame found no memory; the next change is drawn again.",
               "monitor", "write memory", "did not end by itself"),
)


def reason_for(scenario, fault, problems):
    """Why a wrong verdict is accepted, or nothing."""
    return next((entry.why for entry in ACCEPTED if entry.covers(scenario, fault, problems)), None)
