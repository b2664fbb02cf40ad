"""A server in front of another one: commands run upstream, and are recorded and watched on the way."""

import hashlib

from support.case import ServerCase
from support.server import Server

PATTERNS = ("read_then_wait", "wait_then_read", "take_after_wait", "all_at_once")
BOTH = {"script": "echo out-{}; echo err-{} >&2; printf last; exit 3", "out": "out-{}\nlast", "err": "err-{}\n", "code": 3}


class Upstream(ServerCase):
    """Real clients, our server, our server again."""

    @classmethod
    def start_server(cls):
        cls.back = Server("--api-key", "inner")
        cls.addClassCleanup(cls.back.close)
        return Server("--upstream", f"boxlite://{cls.back.address}", environment={"BOXWATCH_UPSTREAM_KEY": "inner"})

    def test_short_executions_lose_nothing(self):
        for pattern in PATTERNS:
            for version in self.each(pattern=pattern):
                seen = self.call(version, "many", count=100, width=16, pattern=pattern, **BOTH)
                self.assertEqual(0, seen["wrong"], seen)
                print(f"{version} {pattern} x16, through a server: {100 / seen['seconds']:.0f} execs/s")

    def test_three_megabytes(self):
        text = "0123456789abcdef" * 187_500
        wanted = [len(text), hashlib.sha256(text.encode()).hexdigest(), 0, 0]
        for version in self.each():
            seen = self.call(version, "digest", pattern="all_at_once", count=4,
                             script="yes 0123456789abcdef | tr -d '\\n' | head -c 3000000")
            self.assertEqual([wanted] * 4, seen)

    def test_several_watch_what_one_runs(self):
        seen = self.call("0.10.8", "watched", script="for i in 1 2 3; do echo $i; sleep 0.1; done; exit 4", readers=8)
        self.assertEqual(9, len(seen))
        for one in seen:
            self.assertEqual(("1\n2\n3\n", 4), (one["out"], one["code"]), seen)

    def test_late_clients_input_signals_and_limits(self):
        for version in self.each():
            seen = self.call(version, "late", script="echo one; echo two >&2; exit 5", readers=1)
            self.assertEqual([("one\n", "two\n", 5)] * 2, [(one["out"], one["err"], one["code"]) for one in seen])
            seen = self.call(version, "run", command="cat", stdin=["one\n", "x" * 200_000])
            self.assertEqual(("one\n" + "x" * 200_000, 0), (seen["out"], seen["code"]))
            seen = self.call(version, "run", command="sh", args=["-c", "echo ready; sleep 60"], kill=True)
            self.assertEqual((-9, "ready\n"), (seen["code"], seen["out"]))
            script = "trap 'echo caught; exit 5' TERM; echo ready; while :; do sleep 0.05; done"
            seen = self.call(version, "run", command="sh", args=["-c", script], signal=15)
            self.assertEqual((5, "ready\ncaught\n"), (seen["code"], seen["out"]))
            seen = self.call(version, "run", command="sh", args=["-c", "echo ready; sleep 60"], timeout_secs=1.0)
            self.assertEqual("ready\n", seen["out"])
            self.assertNotEqual(0, seen["code"])

    def test_the_keys_stay_here(self):
        seen = self.call("0.10.8", "run", command="sh", args=["-c", "env | grep -c inner; true"])
        self.assertEqual("0\n", seen["out"])

    def test_what_cannot_start_says_why(self):
        for version in self.each():
            seen = self.call(version, "fails", command="no-such-program")
            self.assertIn("no-such-program", seen["text"])

    def test_boxes_are_created_and_removed_upstream(self):
        for version in self.each():
            self.assertEqual({"listed": True, "known": True, "gone": True}, self.call(version, "boxes"))
