"""Output arrives as it is written, and no reader delays another."""

import selectors

from support import ProgramCase, wait_until


class StreamingTests(ProgramCase):
    def test_a_line_is_there_before_the_command_ends(self):
        gate = self.scratch.fifo()
        running = self.start("run", "--headless", "--", "sh", "-c", f"echo first; cat {gate}; echo last")
        running.wait_for(b"first\n")
        self.assertIsNone(running.process.poll())
        gate.write_bytes(b"through the gate\n")
        self.assert_ended(running.finish(), 0, b"first\nthrough the gate\nlast\n")

    def test_half_a_line_is_there_before_its_rest(self):
        gate = self.scratch.fifo()
        running = self.start("run", "--headless", "--", "sh", "-c", f"printf 'name: '; cat {gate}")
        running.wait_for(b"name: ")
        gate.write_bytes(b"given")
        self.assert_ended(running.finish(), 0, b"name: given")

    def test_stderr_comes_while_stdout_is_silent(self):
        gate = self.scratch.fifo()
        running = self.start("run", "--headless", "--", "sh", "-c", f"echo warning >&2; cat {gate}")
        running.wait_for(b"warning\n", stream=2)
        gate.write_bytes(b"done")
        self.assert_ended(running.finish(), 0, b"done", b"warning\n")

    def test_who_takes_all_of_stderr_first_gets_it_and_then_stdout(self):
        script = "head -c 3000000 /dev/zero; head -c 3000000 /dev/zero >&2"
        running = self.start("run", "--headless", "--", "sh", "-c", script)
        self.assertEqual(3_000_000, self.read_to_end(running.process.stderr, 3_000_000))
        self.assertEqual(3_000_000, self.read_to_end(running.process.stdout, 3_000_000))
        self.assertEqual(0, running.process.wait(30))

    def test_who_takes_all_of_stdout_first_gets_it_and_then_stderr(self):
        script = "head -c 3000000 /dev/zero >&2; head -c 3000000 /dev/zero"
        running = self.start("run", "--headless", "--", "sh", "-c", script)
        self.assertEqual(3_000_000, self.read_to_end(running.process.stdout, 3_000_000))
        self.assertEqual(3_000_000, self.read_to_end(running.process.stderr, 3_000_000))
        self.assertEqual(0, running.process.wait(30))

    def read_to_end(self, file, count):
        """Reads `count` bytes of one stream alone."""
        taken = 0
        with selectors.DefaultSelector() as selector:
            selector.register(file, selectors.EVENT_READ)
            while taken < count:
                self.assertTrue(selector.select(30), f"stuck after {taken} bytes")
                taken += len(file.read(1 << 16))
        return taken

    def test_a_stuck_reader_of_stdout_does_not_hold_up_the_command(self):
        # Far more than a pipe holds: what boxwatch has not passed on is in the journal.
        gate = self.scratch.work / "finished"
        script = f"head -c 5000000 /dev/zero; echo end >&2; : >{gate}"
        running = self.start("run", "--headless", "--", "sh", "-c", script)
        running.wait_for(b"end\n", stream=2)
        wait_until(gate.exists, "the command's end")
        self.assert_ended(running.finish(), 0, b"\0" * 5_000_000, b"end\n")
