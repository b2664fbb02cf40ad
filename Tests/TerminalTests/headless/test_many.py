"""Many commands: what they cost while they run, and how many run at once."""

import signal

from support import ProgramCase, wait_until
from support.cost import Cost

#: A debug build on a busy machine starts some fifty commands a second.
DEADLINE = 60


class ListCase(ProgramCase):
    def file(self, *scripts):
        return self.scratch.write("execs.yaml", "".join(f"- [sh, -c, {script!r}]\n" for script in scripts))

    def run_list(self, path, *options, **more):
        return self.run_program("run", "--headless", *options, "--file", path, **more)

    def start_list(self, path, *options):
        return self.start("run", "--headless", *options, "--file", path)


class ManyTests(ListCase):
    def test_a_thousand_at_once_take_a_few_threads_and_five_descriptors_each(self):
        path = self.file(*[f"echo {number}; exec sleep 1000" for number in range(1000)])
        run = self.start_list(path, "--jobs", "1000")
        run.wait_for_lines(1000, deadline=DEADLINE)
        cost = Cost(run.pid)
        self.assertLessEqual(cost.threads, 12, cost)
        self.assertLessEqual(cost.descriptors, 5 * 1000 + 320, cost)
        self.assertLessEqual(cost.own_memory, 64 << 20, cost)
        run.signal(signal.SIGTERM)
        self.assertEqual(143, run.finish(deadline=DEADLINE).status)
        self.assert_no_process_is_left()

    def test_a_reader_of_one_stream_first_gets_all_that_many_write(self):
        zeros = "head -c 300000 /dev/zero | base64 -w0 | tr A"
        run = self.start_list(self.file(*[f"{zeros} e >&2; {zeros} o"] * 20))
        # A line is written in pieces of 64 KiB: seven for each command.
        for stream in (2, 1):
            run.wait_for_lines(20 * 7, stream, deadline=DEADLINE)
        result = run.finish()
        self.assertEqual((20 * 400000, 20 * 400000), (self.count(result.stderr, b"e"), self.count(result.stdout, b"o")))
        self.assertEqual(0, result.status)

    @staticmethod
    def count(output, letter):
        """The letters of the lines, without what stands before each."""
        return sum(line.rpartition(b" | ")[2].count(letter) for line in output.splitlines())


class JobsTests(ListCase):
    def test_no_more_run_at_once_than_asked_for_and_in_their_order(self):
        lock = self.scratch.path / "lock"
        script = f"mkdir {lock} || exit 9; echo $0; rmdir {lock}"
        path = self.scratch.write("execs.yaml", "".join(f"- [sh, -c, '{script}', n{n}]\n" for n in range(40)))
        result = self.run_list(path, "--jobs", "1")
        self.assertEqual(0, result.status, result.text)
        self.assertEqual([f"n{n}".encode() for n in range(40)],
                         [line.rpartition(b" | ")[2] for line in result.stdout.splitlines()])

    def test_jobs_holds_for_commands_of_the_command_line_too(self):
        lock = self.scratch.path / "lock"
        words = ["sh", "-c", f"mkdir {lock} || exit 9; rmdir {lock}"]
        result = self.run_program("run", "--headless", "--jobs", "1", "--", *words, "---", *words, "---", *words)
        self.assert_ended(result, 0, b"")

    def test_without_jobs_a_list_waits_for_nothing_up_to_256(self):
        run = self.start_list(self.file(*["echo ready; exec sleep 1000"] * 300))
        run.wait_for_lines(256, deadline=DEADLINE)
        self.assertEqual(256, len(self.scratch.journals()))
        run.signal(signal.SIGTERM)
        result = run.finish(deadline=DEADLINE)
        self.assertEqual((143, b"boxwatch: 44 of 300 commands were not started\n"), (result.status, result.stderr))

    def test_the_status_is_the_first_in_order_that_is_not_0(self):
        path = self.file("exit 0", "sleep 0.3; exit 3", "exit 4", "exit 0")
        for jobs in ("1", "2", "9"):
            self.assertEqual(3, self.run_list(path, "--jobs", jobs).status)

    def test_ctrl_c_starts_nothing_more_and_says_so(self):
        run = self.start_list(self.file("echo ready; exec sleep 1000", *["echo never"] * 99), "--jobs", "1")
        run.wait_for(b"ready")
        run.signal(signal.SIGINT)
        result = run.finish()
        self.assertEqual((130, b"boxwatch: 99 of 100 commands were not started\n"), (result.status, result.stderr))
        self.assertNotIn(b"never", result.stdout)
        self.assertEqual(1, len(self.scratch.journals()))

    def test_bad_numbers(self):
        for number in ("0", "-1", "x", "1.5", "99999999999999999999"):
            with self.subTest(number=number):
                self.assert_wrong_use("run", f"--jobs={number}", "--", "true", words="1 or more")

    def test_in_the_background_all_are_started(self):
        self.assert_wrong_use("run", "--detach", "--jobs", "2", "--", "true", words="--detach")


class FailedStartTests(ListCase):
    def test_a_start_that_finds_the_disk_full_is_tried_again(self):
        mount, gate = self.small_disk(), self.scratch.fifo()
        run = self.start("run", "--headless", "--jobs", "1", "--file", self.file(f"read x < {gate}", "echo b", "echo c"),
                         environment={"XDG_STATE_HOME": mount})
        wait_until(lambda: list(mount.glob("boxwatch/executions/*/spec.json")), "a journal")
        filling = mount / "filling"
        with self.assertRaises(OSError), filling.open("wb", buffering=0) as file:
            while file.write(bytes(4096)):
                pass
        gate.write_text("go\n")
        run.wait_for(b"2 of 3 commands wait until that changes", stream=2)
        filling.unlink()
        result = run.finish()
        self.assertEqual((0, [b"b", b"c"]), (result.status, self.lines(result)), result.text)
        self.assertEqual(1, result.text.count("wait until"), result.text)

    def test_the_output_of_the_others_is_written_before_a_start_that_failed_ends_it_all(self):
        gate = self.scratch.fifo()
        last = "trap \"seq 1 200000; exit 0\" TERM; echo b; while :; do sleep 0.05; done"
        run = self.start_list(self.file(f"read x < {gate}", last, "echo c", "echo d"), "--jobs", "2")
        run.wait_for_lines(1)
        self.scratch.executions.rename(self.scratch.path / "away")
        self.scratch.executions.write_text("in the way")
        gate.write_text("go\n")
        result = run.finish()
        self.assertEqual(125, result.status, result.text)
        self.assertEqual([b"b", *(b"%d" % n for n in range(1, 200001))], self.lines(result))
        self.assertIn("1 of 4 commands were not started", result.text)
        self.assertIn("executions", result.text)
        self.assert_no_process_is_left()

    @staticmethod
    def lines(result):
        return [line.rpartition(b" | ")[2] for line in result.stdout.splitlines()]
