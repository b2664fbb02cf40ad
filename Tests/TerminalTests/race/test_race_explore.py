"""`boxwatch race explore`: every schedule, counted; shortest losing schedules; stopping; wrong use."""

import signal

from support import ProgramCase, keys

#: More schedules than a debug build runs in a few minutes.
LONG = ["--stdout", "5", "--stderr", "5", "--waiters", "2", "--limit", "1000000000"]


def row(result, name):
    """A dispatcher's cells in the table."""
    return next(line.split() for line in result.stdout.decode().splitlines() if line.split()[:1] == [name])


class RaceExploreTests(ProgramCase):
    def explore(self, *options, **more):
        return self.run_program("race", "explore", *options, **more)

    def objects(self, *options):
        result = self.explore("--json", *options)
        self.assertEqual(0, result.status, result.text)
        return {entry["dispatcher"]: entry for entry in result.events}

    def test_one_chunk_a_stream_has_30_schedules_of_which_exit_first_breaks_14(self):
        result = self.explore()
        self.assert_ended(result, 0, None)
        text = result.stdout.decode()
        self.assertTrue(text.splitlines()[1].startswith("30 schedules for each dispatcher"), text)
        self.assertEqual(["exit-first", "30", "14", "14", "0", "0", "14", "46.7", "%", "P3"], row(result, "exit-first"))
        self.assertEqual(["drain-ordered", "30", "0"], row(result, "drain-ordered")[:3])
        self.assertIn("boxwatch race replay o1e1:xoOeE\n", text)
        self.assertIn("boxwatch race replay o1e1d:xdoOeE --dispatcher fixed-timer\n", text)
        self.assertIn("  exit-first     ▲ ○   ◇    done, exit 0, 27 bytes lost\n", text)
        self.assertIn("exit-gated lost nothing here: only a wait overtakes its exit (try --waiters 1)\n", text)
        self.assertIn("until-empty lost nothing here: only a grandchild's late output escapes it", text)

    def test_two_chunks_a_stream_have_140_schedules_of_which_exit_first_breaks_88(self):
        found = self.objects("--stdout", "2", "--stderr", "2")
        self.assertEqual((140, 88), (found["exit-first"]["schedules"], found["exit-first"]["violations"]))
        self.assertEqual((140, 0, None), tuple(found["drain-ordered"][key] for key in
                                               ("schedules", "violations", "shortest")))

    def test_with_everything_in_it_all_but_the_machine_lose(self):
        found = self.objects("--stdout", "1", "--stderr", "0", "--waiters", "1", "--late-waiter", "--grandchild", "--deadline",
                             "--force-close", "--limit", "2000")
        self.assertEqual(7, len(found))
        for name, entry in found.items():
            self.assertEqual(2000, entry["schedules"])
            self.assertEqual(1, entry["seed"])
            self.assertEqual(name == "drain-ordered", entry["violations"] == 0, name)
            self.assertEqual(entry["shortest"] is None, entry["violations"] == 0)

    def test_the_pasted_command_opens_the_loss(self):
        words = self.explore("--dispatcher", "eof-only").stdout.decode().split("boxwatch race replay ")[1].split("\n")[0]
        result = self.run_program("race", "replay", *words.split())
        self.assertEqual(0, result.status, result.text)
        self.assertIn("reported too early", result.stdout.decode())

    def test_a_sample_repeats_with_its_seed(self):
        options = ("--stdout", "6", "--stderr", "6", "--limit", "500", "--dispatcher", "exit-first")
        first, again, other = (self.objects(*options, "--seed", seed) for seed in ("5", "5", "6"))
        self.assertEqual(first, again)
        self.assertNotEqual(first["exit-first"]["P1"], other["exit-first"]["P1"])

    def test_only_the_dispatchers_that_were_asked_for_in_their_order(self):
        found = self.objects("--dispatcher", "until-empty", "--dispatcher", "exit-first", "--dispatcher", "until-empty")
        self.assertEqual(["until-empty", "exit-first"], list(found))

    def test_without_utf8_everything_is_ascii(self):
        for options, language in (((), "C"), (("--ascii",), "C.UTF-8")):
            with self.subTest(language=language):
                result = self.explore(*options, environment={"LANG": language, "LC_ALL": language})
                self.assertTrue(result.stdout.isascii())
                self.assertIn(b"  exit-first     ^ !   !    done", result.stdout)

    def test_a_signal_stops_it_with_what_was_covered(self):
        for number in (signal.SIGINT, signal.SIGTERM):
            with self.subTest(signal=number):
                running = self.start("race", "explore", *LONG)
                running.wait_for(b"schedules for each dispatcher")
                running.signal(number)
                result = running.finish()
                self.assertEqual(128 + number, result.status, result.text)
                self.assertIn(f"stopped by {number.name}", result.text)
                self.assertEqual("exit-first", row(result, "exit-first")[0])

    def test_ctrl_c_in_a_terminal_takes_the_bar_away(self):
        screen = self.open_screen("race", "explore", *LONG)
        screen.wait_for("% ")
        screen.wait_for("schedules")
        screen.send(keys.control("c"))
        self.assertEqual(130, screen.finish())
        self.assertIn("stopped by SIGINT", screen.text())
        self.assertNotIn("[", "".join(line[:1] for line in screen.lines()))

    def test_a_reader_that_goes_away_is_no_failure(self):
        result = self.run_program("-c", f"{self.program} race explore --stdout 2 --stderr 2 | head -n 1; echo ${{PIPESTATUS[0]}}",
                                  program="/bin/bash")
        self.assertEqual(b"0", result.stdout.splitlines()[-1], result.text)

    def test_wrong_use(self):
        for options, words in (
                (["--stdout", "25"], "25 chunks of stdout"), (["--stderr=-1"], "-1 chunks of stderr"),
                (["--waiters", "9"], "9 waiters"), (["--waiters", "x"], "--waiters"), (["--limit", "0"], "--limit"),
                (["--seed=-1"], "--seed"), (["--dispatcher", "moon"], ["moon", "exit-first", "drain-ordered"]),
                (["--grandchild=yes"], "--grandchild"), (["--frob"], "--frob"), (["word"], "word")):
            with self.subTest(options=options):
                self.assert_wrong_use("race", "explore", *options, words=words)
