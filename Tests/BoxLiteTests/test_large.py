"""Output that does not fit in one frame, one pipe or one socket buffer."""

import hashlib

from support.case import ServerCase

LINES = "".join(f"{number}\n" for number in range(1, 2001))
SIXTY = "0123456789abcde\n" * 3750
LARGE = "0123456789abcdef" * 187_500


def digest(text):
    return [len(text), hashlib.sha256(text.encode()).hexdigest(), 0, 0]


class LargeOutput(ServerCase):
    """Every byte, once, in order."""

    def assert_digest(self, text, script, patterns=("read_then_wait", "wait_then_read"), count=4):
        for pattern in patterns:
            for version in self.each(pattern=pattern):
                seen = self.call(version, "digest", script=script, pattern=pattern, count=count)
                self.assertEqual([digest(text)] * count, seen)

    def test_two_thousand_lines(self):
        self.assert_digest(LINES, "seq 1 2000", count=32)

    def test_sixty_kilobytes(self):
        self.assert_digest(SIXTY, "yes 0123456789abcde | head -n 3750", count=32)

    def test_three_megabytes(self):
        self.assert_digest(LARGE, "yes 0123456789abcdef | tr -d '\\n' | head -c 3000000")

    def test_trickled_output(self):
        script = "for i in 1 2 3 4 5; do printf é$i; sleep 0.1; done"
        self.assert_digest("é1é2é3é4é5", script, ("all_at_once",), count=8)

    def test_characters_are_never_cut_in_two(self):
        text = "a" + "€" * 100_000
        script = "printf a; yes € | head -n 100000 | tr -d '\\n'"
        for version in self.each():
            seen = self.call(version, "digest", script=script, pattern="all_at_once")
            self.assertEqual([digest(text)], seen)
