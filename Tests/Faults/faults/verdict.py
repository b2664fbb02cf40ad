"""The outcome of a run with a fault: exact, clear or wrong."""

import dataclasses
import errno
import os
import re

SAID = re.compile(rb"boxwatch: [^\n]*\n")
#: Reasons that are false where a call of ours has failed.
FALSE = ("still held it", "connection to the box was lost", "connection lost")
#: What a server says when nothing fails.
USUAL = "boxwatch: commands run "
#: A line that has an error's words and nothing else does not say what failed.
BARE = {f"boxwatch: {os.strerror(number)}".lower() for number in errno.errorcode}
TRAP = (b"Fatal error", b"Illegal instruction", b"NIOPosix/", b"Precondition failed", b"*** ")


@dataclasses.dataclass
class Outcome:
    """What a run left, as seen from outside.

    It is exact when it cannot be told from a run without a fault, clear when it came to less and said so, and wrong
    when it lost something silently, claimed something false, crashed, hung, or left something behind.
    """

    #: The exit status, negative for a signal; None when only SIGKILL ended it.
    status: int | None = None
    #: For each stream what was read, and what a run without a fault brings.
    output: list = dataclasses.field(default_factory=list)
    wanted_status: int = 0
    #: Lines with our name before them, and on the screen what explains.
    said: list = dataclasses.field(default_factory=list)
    #: Whether it had to be asked to end, since it did not do so by itself.
    asked: bool = False
    #: Whether the record is whole and says so.
    recorded: bool = True
    #: Whether this boxwatch ran the command and its record lacks bytes or is said to be lost.
    lost_own_record: bool = False
    #: What is wrong in any case: orphans, a raw terminal, a false record, noise.
    problems: list = dataclasses.field(default_factory=list)
    #: Statuses that are right besides 125.
    right: set = dataclasses.field(default_factory=set)
    #: Whether it was said on a screen, where it may stand in several places.
    has_screen: bool = False
    #: Whether nothing can be said, since the place to say it is what failed.
    is_mute: bool = False

    def take_stderr(self, raw, wanted):
        """Separates our own lines from the command's."""
        lines = [line.decode("utf-8", "replace").strip() for line in SAID.findall(raw)]
        self.said += [line for line in lines if not line.startswith(USUAL)]
        self.output.append((SAID.sub(b"", raw), wanted))
        self.problems += [f"trap: {word.decode()}" for word in TRAP if word in raw]

    def judge(self):
        """The verdict, and what is wrong."""
        wrong = self.problems + self._wrong_end() + self._wrong_output() + self._false_reasons()
        if not wrong and self._is_exact:
            return "exact", []
        wrong = wrong or self._untold()
        return ("wrong" if wrong else "clear"), wrong

    @property
    def _is_whole(self):
        """Whether every byte came."""
        return all(got == wanted for got, wanted in self.output)

    @property
    def _is_exact(self):
        return self._is_whole and self.recorded and self.status == self.wanted_status and not self.asked

    def _wrong_end(self):
        if self.status is None:
            return ["hang: only SIGKILL ended it"]
        if self.status < 0:
            return [f"ended by signal {-self.status}"]
        if self.asked and not self.said:
            return ["did not end by itself and said nothing"]
        return []

    def _wrong_output(self):
        """Fewer bytes can be explained, other bytes cannot."""
        return [f"output is not a beginning of what was written: {_difference(got, wanted)}"
                for got, wanted in self.output if not wanted.startswith(got)]

    def _false_reasons(self):
        return ([f"false reason: {reason}" for reason in FALSE if any(reason in line for line in self.said)]
                + [f"no reason: {line}" for line in self.said if line.lower() in BARE])

    def _untold(self):
        """What is missing or wrong in the reports of a run that lost something."""
        wrong = []
        if not self.said and not self.is_mute:
            wrong.append("silent: " + self._loss)
        # A stream that was given up is named, and leaves the command's own status, as with --drain.
        if self.status == self.wanted_status and not self._is_whole and "truncated" not in " ".join(self.said):
            wrong.append(f"status {self.status} for output that is not whole")
        # No run here accepts that with --on-record-failure go-on.
        if self.lost_own_record and self._is_whole:
            wrong += self._untold_record()
        if self.status not in {125, self.wanted_status, *self.right}:
            wrong.append(f"status {self.status} instead of 125")
        if len(self.said) > 4 and not self.has_screen:
            wrong.append(f"{len(self.said)} lines said")
        return wrong

    def _untold_record(self):
        """What is missing in the reports of a lost record when every byte came."""
        wrong = []
        if self.status == self.wanted_status:
            wrong.append(f"status {self.status} for a record that is not whole")
        if not (self.is_mute or self.has_screen or any("record" in line for line in self.said)):
            wrong.append(f"no line names the record: {self.said}")
        return wrong

    @property
    def _loss(self):
        lost = [f"{len(wanted) - len(got)} bytes of output {number} missing"
                for number, (got, wanted) in enumerate(self.output, 1) if got != wanted]
        lost += [] if self.recorded else ["the record is not whole"]
        lost += [] if self.status == self.wanted_status else [f"status {self.status}"]
        return ", ".join(lost)


def _difference(got, wanted):
    at = len(os.path.commonprefix([got, wanted]))
    return f"at byte {at} {got[at:at + 40]!r} for {wanted[at:at + 40]!r}"
