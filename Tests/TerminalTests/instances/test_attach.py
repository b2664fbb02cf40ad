"""boxwatch attach without a screen: another boxwatch's command from its first byte, at any moment of its life."""

import os
import random
import signal
import time

from support import InstanceCase, wait_until


class AttachTests(InstanceCase):
    def test_it_passes_everything_through_and_ends_as_the_command_did(self):
        identifier, gate = self.gated("printf 'a\\0\\377'; printf err >&2")
        watching = self.start("attach", identifier)
        watching.wait_for(b"a\0\xff")
        gate.write_text("last")
        self.assert_ended(watching.finish(), 0, b"a\0\xfflast", b"err")

    def test_an_ended_execution_is_whole_with_its_status(self):
        self.run_script("echo out; echo err >&2; exit 6")
        identifier = self.scratch.journal().name
        self.assert_ended(self.run_program("attach", identifier), 6, b"out\n", b"err\n")
        self.run_script("kill -9 $$", "--name", "killed")
        self.assert_ended(self.run_program("attach", "killed"), 137, b"", b"")

    def test_attaching_at_every_moment_gets_every_byte_and_the_status(self):
        seed = random.randrange(1 << 32)
        chance = random.Random(seed)
        with self.subTest(seed=seed):
            for _ in range(10):
                self._attach_to_many(chance)

    def _attach_to_many(self, chance, count=20):
        """Commands that end one after the other, each watched from a moment of its own on."""
        words, wanted = [], []
        for number in range(count):
            lines, pause, status = chance.randrange(40), chance.choice(["0", "0.001", "0.02"]), chance.randrange(50)
            script = (f"i=0; while [ $i -lt {lines} ]; do echo out$i; echo err$i >&2; i=$((i+1)); sleep {pause}; done; "
                      f"exit {status}")
            words += ["sh", "-c", script] + (["---"] if number + 1 < count else [])
            wanted.append((status, *(b"".join(b"%s%d\n" % (name, line) for line in range(lines))
                                     for name in (b"out", b"err"))))
        result = self.run_program("run", "--detach", "--", *words)
        self.assertEqual(0, result.status, result.text)
        watching = []
        for identifier in result.stdout.decode().split():
            time.sleep(chance.random() * 0.03)
            watching.append(self.start("attach", "--no-stdin", identifier))
        for watcher, (status, stdout, stderr) in zip(watching, wanted):
            self.assert_ended(watcher.finish(), status, stdout, stderr)

    def test_its_input_goes_to_the_command_to_the_end(self):
        identifier = self.detach("cat", options=["--stdin", "pipe"])
        data = os.urandom(300_000)
        result = self.run_program("attach", identifier, data=data)
        self.assert_ended(result, 0, data)

    def test_a_command_that_reads_slowly_gets_all_of_a_long_input(self):
        identifier = self.detach_script("sleep 0.3; wc -c", "--stdin", "pipe")
        result = self.run_program("attach", identifier, data=bytes(5_000_000))
        self.assert_ended(result, 0, b"5000000\n")

    def test_two_watchers_see_what_one_writer_writes(self):
        identifier = self.detach("cat", options=["--stdin", "pipe"])
        watchers = [self.start("attach", "--no-stdin", identifier) for _ in range(2)]
        writer = self.start("attach", identifier)
        for line in (b"one\n", b"two\n"):
            writer.write(line)
            for party in (writer, *watchers):
                party.wait_for(line)
        writer.close_input()
        for party in (writer, *watchers):
            self.assert_ended(party.finish(), 0, b"one\ntwo\n")

    def test_a_second_writer_is_refused_and_keeps_watching(self):
        identifier = self.detach("cat", options=["--stdin", "pipe"])
        first, second = self.start("attach", identifier), self.start("attach", identifier)
        first.write(b"mine\n")
        second.wait_for(b"mine\n")
        second.write(b"theirs\n")
        second.wait_for(b"another client writes to it", stream=2)
        first.write(b"end\n")
        first.close_input()
        self.assert_ended(first.finish(), 0, b"mine\nend\n")
        self.assert_ended(second.finish(), 0, b"mine\nend\n", stderr=None)

    def test_a_writer_that_goes_makes_room_for_the_next(self):
        identifier = self.detach("cat", options=["--stdin", "pipe"])
        for number in range(5):
            writer = self.start("attach", identifier)
            line = b"from %d\n" % number
            writer.write(line)
            writer.wait_for(line)
            writer.signal(signal.SIGKILL if number % 2 else signal.SIGINT)
            writer.process.wait(30)
        last = self.run_program("attach", identifier, data=b"last\n")
        self.assert_ended(last, 0, b"".join(b"from %d\n" % number for number in range(5)) + b"last\n")

    def test_no_stdin_sends_nothing(self):
        identifier = self.detach("cat", options=["--stdin", "pipe"])
        watching = self.start("attach", "--no-stdin", identifier)
        watching.write(b"lost\n")
        watching.close_input()
        writer = self.start("attach", identifier)
        self.assert_ended(writer.finish(b"kept\n"), 0, b"kept\n")
        self.assert_ended(watching.finish(), 0, b"kept\n")

    def test_ctrl_c_detaches_and_the_command_keeps_running(self):
        for number, status in ((signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)):
            identifier, gate = self.gated("echo up", name=f"gate{status}")
            watching = self.start("attach", identifier)
            watching.wait_for(b"up\n")
            watching.signal(number)
            result = watching.finish()
            self.assertEqual((status, f"boxwatch: detached; {identifier} is still running\n"), (result.status, result.text))
            self.assertEqual("running", self.listed(identifier)["state"])
            gate.write_text("")
            self.assert_ended(self.run_program("attach", identifier), 0, b"up\n")

    def test_a_watcher_that_is_killed_disturbs_nothing(self):
        identifier, gate = self.gated("seq 1 1000")
        for _ in range(10):
            watching = self.start("attach", identifier)
            watching.wait_for(b"1\n")
            watching.signal(signal.SIGKILL)
            watching.process.wait(30)
        gate.write_text("")
        wanted = "".join(f"{number}\n" for number in range(1, 1001)).encode()
        self.assert_ended(self.run_program("attach", identifier), 0, wanted)

    def test_an_owner_that_is_killed_leaves_its_watchers_an_interrupted_record(self):
        identifier, _ = self.gated("echo up; echo err >&2")
        watchers = [self.start("attach", identifier), self.start("attach", "--json", identifier)]
        watchers[0].wait_for(b"up\n")
        watchers[1].wait_for(b"err")
        os.kill(self.owner(identifier), signal.SIGKILL)
        for watcher in watchers:
            result = watcher.finish()
            self.assertEqual(125, result.status)
            self.assertIn("was interrupted", result.text)
        result = self.run_program("attach", identifier)
        self.assertEqual((125, b"up\n"), (result.status, result.stdout))

    def test_owners_that_are_killed_at_any_moment_leave_what_was_recorded(self):
        seed = random.randrange(1 << 32)
        chance = random.Random(seed)
        with self.subTest(seed=seed):
            for number in range(20):
                identifier = self.detach("seq", "1", "100000000", options=["--name", f"flood{number}", "--keep", "all"])
                with (self.scratch.work / "out").open("wb") as file:
                    watching = self.start("attach", "--no-stdin", identifier, stdout=file)
                owner = self.owner(identifier)
                time.sleep(chance.random() * 0.1)
                os.kill(owner, signal.SIGKILL)
                self.assertEqual(125, watching.finish().status)
                kept = (self.scratch.executions / identifier / "stdout").read_bytes()
                seen = (self.scratch.work / "out").read_bytes()
                # A last chunk may be in the file and not in the record.
                self.assertTrue(kept.startswith(seen))
                self.assertLessEqual(len(kept) - len(seen), 1 << 20)

    def test_a_flood_is_followed_without_a_gap(self):
        identifier, gate = self.gated("seq 1 500000; seq 1 500000 >&2")
        watching = self.start("attach", "--no-stdin", identifier)
        time.sleep(0.05)
        gate.write_text("")
        wanted = "".join(f"{number}\n" for number in range(1, 500001)).encode()
        self.assert_ended(watching.finish(), 0, wanted, wanted)

    def test_a_watcher_that_does_not_read_delays_nothing(self):
        identifier = self.detach_script("seq 1 2000000; echo end", "--keep", "4M")
        watching = self.start("attach", "--no-stdin", identifier)
        self.assert_ended(self.run_program("wait", identifier), 0)
        result = watching.finish()
        self.assertEqual(0, result.status)
        self.assertTrue(result.stdout.endswith(b"2000000\nend\n"))

    def test_a_command_that_could_not_start_is_reported(self):
        self.run_command("no-such-command")
        result = self.run_program("attach", self.scratch.journal().name)
        self.assertEqual(127, result.status)
        self.assertIn("not found", result.text)

    def test_a_terminal_command_takes_input_too(self):
        identifier = self.detach_script("stty -echo; read line; echo got $line", "--tty")
        watching = self.start("attach", identifier)
        wait_until(lambda: self.listed(identifier)["state"] == "running", "the start")
        watching.write(b"hello\n")
        watching.wait_for(b"got hello")
        self.assertEqual(0, watching.finish().status)

    def test_wrong_use_is_one_clear_line(self):
        self.assert_failure("attach", "nothing", words=["nothing", "boxwatch ls"])
        for words in (["--json", "--tag", "any"], ["boxlite://host:8100/box"], ["boxlite://host:notaport/box/exec"]):
            result = self.run_program("attach", *words)
            self.assertEqual(2, result.status, result.text)
