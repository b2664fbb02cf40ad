"""The journal on disk: plain files, private, whole after any end of boxwatch (P6, P7)."""

import concurrent.futures
import json
import os
import signal
import stat
import subprocess

from support import ProgramCase, wait_until


class JournalTests(ProgramCase):
    def test_the_streams_are_plain_files_of_the_bytes(self):
        self.run_script("printf 'a\\0b'; printf err >&2")
        journal = self.scratch.journal()
        self.assertEqual(b"a\0b", (journal / "stdout").read_bytes())
        self.assertEqual(b"err", (journal / "stderr").read_bytes())

    def test_the_spec_is_json_with_the_command(self):
        self.run_command("echo", "ä b")
        spec = json.loads((self.scratch.journal() / "spec.json").read_text())
        self.assertIn(["echo", "ä b"], [value for part in spec.values() for value in (
            part.values() if isinstance(part, dict) else [part])])

    def test_events_are_records_of_one_size(self):
        self.run_script("echo a; echo b >&2")
        size = (self.scratch.journal() / "events").stat().st_size
        self.assertEqual(0, (size - 4096) % 64)
        self.assertGreater(size, 4096)

    def test_everything_is_private_to_the_user(self):
        self.run_command("echo", "secret")
        journal = self.scratch.journal()
        self.assertEqual(0o700, stat.S_IMODE(journal.stat().st_mode))
        for file in journal.iterdir():
            self.assertEqual(0, stat.S_IMODE(file.stat().st_mode) & 0o077, file)

    def test_each_run_has_a_folder_of_its_own_and_they_sort_by_time(self):
        for number in range(3):
            self.run_command("echo", str(number))
        contents = [(folder / "stdout").read_bytes() for folder in self.scratch.journals()]
        self.assertEqual([b"0\n", b"1\n", b"2\n"], contents)

    def test_the_newest_200_runs_of_many_are_kept_with_eight_at_a_time(self):
        def run(_):
            return self.run_program("run", "--headless", "--", "true", deadline=120).status

        most = 0
        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            for status in pool.map(run, range(480)):
                self.assertEqual(0, status)
                most = max(most, len(self.scratch.journals()))
        self.assertLessEqual(most, 220 + 8)
        self.assertIn(len(self.scratch.journals()), range(200, 221))
        self.assertEqual(b"", self.run_program("ls", "--json").stderr)

    def test_output_is_recorded_before_it_is_passed_on(self):
        gate = self.scratch.fifo()
        running = self.start("run", "--headless", "--", "sh", "-c", f"echo first; cat {gate}")
        running.wait_for(b"first\n")
        self.assertEqual(b"first\n", (self.scratch.journal() / "stdout").read_bytes())
        gate.write_bytes(b"")
        self.assertEqual(0, running.finish().status)

    def test_a_small_cap_loses_nothing_that_headless_must_pass_on(self):
        script = "head -c 40000000 /dev/zero | tr '\\0' x"
        result = self.run_script(script, "--keep", "4M", deadline=60)
        self.assert_ended(result, 0, None)
        self.assertEqual(40_000_000, result.stdout.count(b"x"))
        kept = (self.scratch.journal() / "stdout").stat()
        self.assertEqual(40_000_000, kept.st_size)
        self.assertLess(kept.st_blocks * 512, 12_000_000)

    def test_a_small_cap_makes_the_command_wait_for_a_reader_that_sleeps(self):
        running = self.start("run", "--headless", "--keep", "4M", "--", "sh", "-c", "head -c 20000000 /dev/zero")
        running.wait_for(b"\0" * 10)
        stdout = self.scratch.journal() / "stdout"
        wait_until(lambda: stdout.stat().st_size > 4_000_000, "a journal at its cap")
        result = running.finish(deadline=60)
        self.assertEqual((0, 20_000_000), (result.status, len(result.stdout)))

    def test_killing_boxwatch_leaves_files_that_are_whole_so_far(self):
        running = self.start("run", "--headless", "--", "sh", "-c", "echo one; echo two >&2; exec sleep 1000")
        running.wait_for(b"one\n")
        running.wait_for(b"two\n", stream=2)
        running.signal(signal.SIGKILL)
        running.process.wait(30)
        journal = self.scratch.journal()
        self.assertEqual(b"one\n", (journal / "stdout").read_bytes())
        self.assertEqual(b"two\n", (journal / "stderr").read_bytes())
        self.assertEqual(0, ((journal / "events").stat().st_size - 4096) % 64)

    def test_killing_boxwatch_in_a_flood_leaves_a_prefix_of_the_output(self):
        running = self.start("run", "--headless", "--", "seq", "1", "100000000")
        running.wait_for(b"\n10000\n")
        running.signal(signal.SIGKILL)
        running.process.wait(30)
        self.assert_no_process_is_left()
        kept = (self.scratch.journal() / "stdout").read_bytes()
        last = int(kept[:kept.rindex(b"\n")].rpartition(b"\n")[2])
        wanted = subprocess.run(["seq", "1", str(last + 1)], capture_output=True, check=True).stdout
        self.assertTrue(wanted.startswith(kept))

    def test_a_full_disk_is_reported_and_nothing_is_lost_once_there_is_space(self):
        mount = self.small_disk()
        target = self.scratch.work / "target"
        with target.open("wb") as file:
            running = self.start("run", "--headless", "--", "sh", "-c", "head -c 4000000 /dev/zero; echo end",
                                 environment={"XDG_STATE_HOME": mount}, stdout=file)
        running.wait_for(b"cannot record output", stream=2)
        (mount / "ballast").unlink()
        result = running.finish()
        self.assertEqual(0, result.status, result.text)
        self.assertIn("there is disk space again", result.text)
        self.assertEqual(b"\0" * 4_000_000 + b"end\n", target.read_bytes())

    def test_a_state_folder_that_cannot_be_written_is_a_failure(self):
        blocked = self.scratch.write("file", "not a folder")
        self.assert_failure("run", "--headless", "--", "true", words=str(blocked),
                            environment={"XDG_STATE_HOME": blocked})

    def test_no_home_is_needed_where_the_folders_are_named(self):
        self.assert_ended(self.run_command("echo", "x", environment={"HOME": None}), 0, b"x\n")
        self.assertEqual(b"x\n", (self.scratch.journal() / "stdout").read_bytes())

    def test_a_relative_state_folder_is_ignored_as_xdg_says(self):
        self.assert_ended(self.run_command("echo", "x", environment={"XDG_STATE_HOME": "relative"}), 0, b"x\n")
        self.assertFalse((self.scratch.work / "relative").exists())
        self.assertTrue((self.scratch.home / ".local/state/boxwatch/executions").is_dir())
        self.assertEqual(os.listdir(self.scratch.state), [])
