"""A record that cannot be written: reported at once, output passed through, a bounded end, and true reasons."""

import json
import os
import pathlib
import shutil
import signal
import subprocess

from support import ProgramCase, wait_until


class RecordFailureTests(ProgramCase):
    #: Kibibytes that a file may have; the header page of a journal's events takes four.
    LIMIT = 4

    def limited(self, *options, script, limit=LIMIT, **more):
        """Starts a run under a file-size limit."""
        words = ["run", "--headless", *options, "--", "sh", "-c", script]
        command = f"ulimit -f {limit}; exec \"$0\" \"$@\""
        return subprocess.Popen(
            ["bash", "-c", command, self.program, *words], env=self.scratch.environment(), stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, **more)

    def finish(self, process, deadline=20):
        output, words = process.communicate(timeout=deadline)
        return process.returncode, output, words.decode()

    def test_a_file_size_limit_is_reported_and_the_output_passes_through(self):
        status, output, words = self.finish(self.limited(script="echo a; exit 7"))
        self.assertEqual((125, b"a\n"), (status, output), words)
        self.assertIn("file-size limit reached", words)
        self.assertIn("exit 7", words)

    def test_go_on_keeps_the_status_of_the_command(self):
        status, output, _ = self.finish(self.limited("--on-record-failure", "go-on", script="echo a; exit 7"))
        self.assertEqual((7, b"a\n"), (status, output))

    def test_stop_asks_the_command_to_end(self):
        # A command that is not asked outlives the deadline of the test.
        status, _, words = self.finish(self.limited("--on-record-failure", "stop", script="echo a; sleep 1000"))
        self.assertEqual(125, status, words)
        self.assertIn("asked to end", words)

    def test_a_flood_past_the_limit_arrives_whole(self):
        status, output, words = self.finish(self.limited(script="seq 1 2000000", limit=200), 60)
        self.assertEqual(125, status, words)
        wanted = subprocess.run(["seq", "1", "2000000"], capture_output=True, check=True).stdout
        self.assertTrue(output == wanted, f"{len(output)} bytes in place of {len(wanted)}")
        self.assertIn("from byte 204800 of stdout", words)

    def test_a_time_limit_and_a_drain_policy_end_it(self):
        for options in (["--timeout", "500ms"], ["--drain", "idle=200ms,max=1s"]):
            with self.subTest(options=options):
                script = "echo a; sleep 1000" if "--timeout" in options else "sleep 1000 & echo a"
                status, output, words = self.finish(self.limited(*options, script=script))
                self.assertEqual((125, b"a\n"), (status, output), words)

    def test_a_list_and_the_logs_say_that_the_record_is_lost(self):
        self.finish(self.limited(script="echo a; exit 7"))
        listed = json.loads(self.run_program("ls", "--json").stdout)
        self.assertEqual(("done", 7, False), (listed["state"], listed["code"], listed["complete"]))
        self.assertEqual("file-size limit reached", listed["record_lost"])
        # What the files have is what was written, and at least what is called recorded.
        file = pathlib.Path(listed["journal"], "stdout")
        kept = file.read_bytes() if file.exists() else b""
        self.assertTrue(b"a\n".startswith(kept), kept)
        self.assertGreaterEqual(len(kept), listed["stdout_recorded_bytes"])
        self.assertEqual(0, listed["stderr_recorded_bytes"])
        logs = self.run_program("logs", listed["id"])
        self.assertIn("record is lost", logs.text)
        self.assertEqual(125, self.run_program("wait", listed["id"]).status)

    def stalled(self, *options, script="head -c 4000000 /dev/zero; echo end"):
        mount = self.small_disk()
        with (self.scratch.work / "target").open("wb") as file:
            running = self.start("run", "--headless", *options, "--", "sh", "-c", script,
                                 environment={"XDG_STATE_HOME": mount}, stdout=file)
        running.wait_for(b"cannot record output", stream=2)
        return running

    def test_term_ends_a_run_on_a_full_disk(self):
        running = self.stalled()
        running.signal(signal.SIGTERM)
        result = running.finish()
        self.assertEqual(125, result.status, result.text)
        self.assertIn("record is lost", result.text)
        self.assertNotIn("held", result.text)

    def test_a_second_interrupt_ends_a_run_on_a_full_disk_at_once(self):
        # Two that come at once are one to the kernel, so the command says that it has the first. What `sh` starts with & ignores INT.
        took = self.scratch.work / "took"
        script = f"trap 'echo >{took}' INT; head -c 4000000 /dev/zero & wait; wait; echo end"
        self.interrupt_twice(self.stalled(script=script), took.exists)

    def test_a_second_interrupt_ends_a_run_on_a_full_disk_when_the_first_ended_the_command(self):
        running = self.stalled()
        self.interrupt_twice(running, lambda: list(self.scratch.processes()) == [running.pid])

    def interrupt_twice(self, running, is_taken):
        running.signal(signal.SIGINT)
        wait_until(is_taken, "the first interrupt")
        running.signal(signal.SIGINT)
        result = running.finish()
        self.assertEqual(125, result.status, result.text)
        self.assertIn("record is lost", result.text)

    def test_a_time_limit_ends_a_run_on_a_full_disk(self):
        result = self.stalled("--timeout", "1s").finish()
        self.assertEqual(125, result.status, result.text)

    def test_a_deleted_folder_is_reported_and_the_output_passes_through(self):
        gate = self.scratch.fifo()
        running = self.start("run", "--headless", "--", "sh", "-c", f"cat {gate}; echo a; exit 7")
        wait_until(self.scratch.journals, "a journal")
        shutil.rmtree(self.scratch.journal())
        gate.write_bytes(b"")
        result = running.finish()
        self.assertEqual((125, b"a\n"), (result.status, result.stdout), result.text)
        self.assertIn("deleted", result.text)

    def test_a_full_standard_output_is_the_reported_reason(self):
        with open("/dev/full", "wb") as full:
            result = self.start("run", "--headless", "--", "sh", "-c", "yes", stdout=full).finish()
        self.assertEqual(125, result.status, result.text)
        self.assertNotIn("held", result.text)
        self.assertIn("standard output", result.text)

    def test_a_command_that_ignores_pipe_and_term_ends_when_its_output_is_closed(self):
        script = "trap '' PIPE TERM; while :; do echo x; sleep 0.01; done"
        words = [self.program, "run", "--headless", "--kill-grace", "500ms", "--", "sh", "-c", script]
        writing, reading = os.pipe()[::-1]
        process = subprocess.Popen(words, env=self.scratch.environment(), stdin=subprocess.DEVNULL, stdout=writing,
                                   stderr=subprocess.PIPE)
        os.close(writing)
        self.assertEqual(b"x\n", os.read(reading, 2))
        os.close(reading)
        _, told = process.communicate(timeout=15)
        self.assertEqual(137, process.returncode, told)
        self.assert_no_process_is_left()

    def test_a_held_stream_names_its_holder(self):
        result = self.run_script("sleep 30 & echo $! >&2; echo a", "--drain", "idle=200ms,max=500ms")
        holder = result.text.splitlines()[0]
        self.assertIn(f"process {holder} still held it", result.text)
