"""Real clients whose socket is cut: they come back after 15 s, and have everything once."""

import concurrent.futures

from support.case import ServerCase
from support.clients import call
from support.proxy import MOMENTS, WAYS, CuttingProxy

# Pauses long enough for a loaded machine: what was sent and not yet proved to be read when the socket is cut comes twice.
SCRIPT = "sleep 3; echo one; sleep 3; echo two; sleep 3; exit 5"


class CutByAProxy(ServerCase):
    """Three moments and three ways, all at the same time: each takes as long as the clients wait."""

    count = 10

    def cut(self, version, moment, way):
        proxy = CuttingProxy(self.server.port, moment, way)
        try:
            seen = call(version, proxy.url, "many", count=self.count, width=self.count, pattern="all_at_once",
                        script=SCRIPT, out="one\ntwo\n", err="", code=5)
        finally:
            proxy.stop()
        return seen, proxy.cuts

    def test_nothing_is_lost_and_nothing_is_doubled(self):
        cases = [(version, moment, way) for version in self.versions for moment in MOMENTS for way in WAYS]
        with concurrent.futures.ThreadPoolExecutor(len(cases)) as pool:
            for case, (seen, cuts) in zip(cases, pool.map(lambda case: self.cut(*case), cases)):
                with self.subTest(case=case):
                    self.assertEqual(0, seen["wrong"], seen)
                    self.assertEqual(self.count, cuts)
                    self.assertGreater(seen["seconds"], 14)
