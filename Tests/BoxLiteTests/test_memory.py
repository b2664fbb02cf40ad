"""What clients made and removed again: its memory goes back to the system."""

from support.case import ServerCase
from support.server import Server
from test_hostile import resident


class Freed(ServerCase):
    @classmethod
    def start_server(cls):
        return Server("--max-box-size", "8M", "--max-boxes-size", "512M")

    def test_the_memory_of_removed_boxes_is_given_back(self):
        environment = {f"V{number}": "v" * 39_000 for number in range(100)}
        before = resident(self.server.process.pid)
        boxes = [self.create_box(env=environment) for _ in range(40)]
        full = resident(self.server.process.pid)
        self.assertGreater(full - before, 100 << 10)
        for box in boxes:
            self.assertEqual(204, self.request("DELETE", f"/v1/boxes/{box}")[0])
        kept = resident(self.server.process.pid) - before
        self.assertLess(kept, (full - before) * 0.2)

    def test_without_more_room_a_large_box_is_refused(self):
        environment = {f"V{number}": "v" * 39_000 for number in range(100)}
        server = Server()
        self.addCleanup(server.close)
        type(self).server, kept = server, self.server
        try:
            status, body = self.request("POST", "/v1/boxes", {"image": "x", "env": environment})
        finally:
            type(self).server = kept
        self.assertEqual((413, "invalid_argument"), (status, body["error"]["code"]))
