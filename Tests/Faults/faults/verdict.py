"""What a run with a fault came to: exact, clear or wrong."""

import dataclasses
import os
import re

SAID = re.compile(rb"boxwatch: [^\n]*\n")
#: Reasons that are false where a call of ours has failed.
FALSE = ("still held it", "connection to the box was lost", "connection lost")
#: What a server says when nothing fails.
USUAL = "boxwatch: commands run "
TRAP = (b"Fatal error", b"Illegal instruction", b"NIOPosix/", b"Precondition failed", b"*** ")


@dataclasses.dataclass
class Outcome:
    """What a run left, as far as it can be seen from outside."""

    #: The exit status, negative for a signal; None when only SIGKILL ended it.
    status: int | None = None
    #: What was read of each stream, and what a run without a fault brings.
    output: list = dataclasses.field(default_factory=list)
    wanted_status: int = 0
    #: Lines with our name before them, and on the screen what explains.
    said: list = dataclasses.field(default_factory=list)
    #: Whether it had to be asked to end, since it did not do so by itself.
    asked: bool = False
    #: Whether the record is whole and says so.
    recorded: bool = True
    #: Faults of any verdict: orphans, a raw terminal, a false record, noise.
    problems: list = dataclasses.field(default_factory=list)
    #: Statuses that are right besides 125.
    right: set = dataclasses.field(default_factory=set)
    #: Whether it was said on a screen, where it may stand in several places.
    has_screen: bool = False
    #: Whether nothing can be said, since the place to say it is what failed.
    is_mute: bool = False

    def take_stderr(self, raw, wanted):
        """Tells our own lines from the command's."""
        lines = [line.decode("utf-8", "replace").strip() for line in SAID.findall(raw)]
        self.said += [line for line in lines if not line.startswith(USUAL)]
        rest = SAID.sub(b"", raw)
        self.output.append((rest, wanted))
        self.problems += [f"trap: {word.decode()}" for word in TRAP if word in raw]

    @property
    def is_whole(self):
        """Whether every byte came."""
        return all(got == wanted for got, wanted in self.output)

    def judge(self, error):
        """The verdict, and why it is not better."""
        problems = self.problems + [f"false reason: {word}" for word in FALSE if word in " ".join(self.said)]
        if self.status is None:
            problems.append("hang: only SIGKILL ended it")
        elif self.status < 0:
            problems.append(f"ended by signal {-self.status}")
        for got, wanted in self.output:
            if not wanted.startswith(got):
                problems.append(f"output is not a beginning of what was written: {_difference(got, wanted)}")
        if self.asked and not self.said:
            problems.append("did not end by itself and said nothing")
        if problems:
            return "wrong", problems
        if self.is_whole and self.recorded and self.status == self.wanted_status and not self.asked:
            return "exact", self.said
        return self._judge_loss(error)

    def _judge_loss(self, error):
        problems = []
        if not self.said and not self.is_mute:
            problems.append("silent: " + self.loss)
        # A stream that was given up leaves the command's own status, as with --drain, and is named.
        if self.status == self.wanted_status and not self.is_whole and "truncated" not in " ".join(self.said):
            problems.append(f"status {self.status} for output that is not whole")
        if self.status not in {125, self.wanted_status, *self.right}:
            problems.append(f"status {self.status} instead of 125")
        if len(self.said) > 4 and not self.has_screen:
            problems.append(f"{len(self.said)} lines said")
        if problems:
            return "wrong", problems + self.said
        words = [] if self.is_mute or not error or names(error, self.said) else ["does not name the error"]
        return "clear", words + self.said

    @property
    def loss(self):
        lost = [f"{len(wanted) - len(got)} bytes of output {number} missing"
                for number, (got, wanted) in enumerate(self.output, 1) if got != wanted]
        lost += [] if self.recorded else ["the record is not whole"]
        lost += [] if self.status == self.wanted_status else [f"status {self.status}"]
        return ", ".join(lost)


def names(error, said):
    """Whether one of the lines has the error's own words."""
    text = " ".join(said)
    return os.strerror(error).lower() in text.lower() or "disk full" in text


def _difference(got, wanted):
    at = len(os.path.commonprefix([got, wanted]))
    return f"at byte {at} {got[at:at + 40]!r} for {wanted[at:at + 40]!r}"
