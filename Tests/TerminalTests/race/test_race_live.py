"""`boxwatch race live`: real commands, only the dispatcher differs; what is lost, stopping, nothing left behind."""

import signal

from support import ProgramCase, keys, wait_until

BOTH = ("--dispatcher", "exit-first", "--dispatcher", "drain-ordered")


class RaceLiveTests(ProgramCase):
    def live(self, *options, command=(), **more):
        return self.run_program("race", "live", *options, *(["--", *command] if command else []), **more)

    def objects(self, *options, status=0, **more):
        result = self.live("--json", *options, **more)
        self.assertEqual(status, result.status, result.text)
        return {entry["dispatcher"]: entry for entry in result.events}

    def assert_nothing_is_left(self):
        self.assert_no_process_is_left()
        folder = self.scratch.state / "boxwatch"
        self.assertEqual([], list(folder.iterdir()) if folder.is_dir() else [])

    def test_two_thousand_short_execs_of_the_machine_lose_nothing(self):
        found = self.objects("--count", "2000", "--jobs", "4", "--dispatcher", "drain-ordered", deadline=120)["drain-ordered"]
        self.assertEqual((2000, 2000, 0, 0), tuple(found[key] for key in ("execs", "whole", "loss", "wrong_exit")))
        self.assertLess(found["interval"][1], 0.002)
        self.assert_nothing_is_left()

    def test_behind_a_hop_exit_first_loses_more_than_half_and_the_machine_nothing(self):
        found = self.objects("--count", "250", "--jobs", "4", "--pump-delay", "2ms", *BOTH, deadline=120)
        racy, safe = found["exit-first"], found["drain-ordered"]
        self.assertGreater(racy["loss"], 0.5)
        self.assertEqual(250, racy["whole"] + racy["truncated"] + racy["empty"])
        self.assertLess(racy["interval"][0], racy["loss"])
        self.assertEqual((250, 0, 0, []), tuple(safe[key] for key in ("whole", "loss", "wrong_exit", "broken")))
        self.assertGreater(safe["p50"], 0.0005)

    def test_every_dispatcher_has_a_row(self):
        result = self.live("--count", "5", "--load")
        self.assert_ended(result, 0, None)
        lines = result.stdout.decode().splitlines()
        self.assertIn("5 execs of each of 7 dispatchers in turn: sh -c 'echo first-output && exit 0'", lines[0])
        names = [line.split()[0] for line in lines if line.split()[1:2] == ["5"]]
        self.assertEqual(["exit-first", "exit-gated", "late-registration", "fixed-timer", "until-empty", "eof-only",
                          "drain-ordered"], names)

    def test_ten_megabytes_are_whole_for_the_machine(self):
        found = self.objects("--count", "5", "--dispatcher", "drain-ordered", "--pump-delay", "0-3ms",
                             command=["head", "-c", "10000000", "/dev/zero"])["drain-ordered"]
        self.assertEqual((5, 5), (found["execs"], found["whole"]))

    def test_a_command_that_is_killed_has_the_right_exit(self):
        found = self.objects("--count", "5", *BOTH, command=["sh", "-c", "echo hi; kill -9 $$"])
        self.assertEqual([0, 0], [entry["wrong_exit"] for entry in found.values()])

    def test_a_grandchild_blocks_no_dispatcher_for_ever(self):
        found = self.objects("--count", "2", "--jobs", "14", "--limit", "1s",
                             command=["sh", "-c", "(sleep 0.2; echo late; exec sleep 1000) & echo hi"])
        self.assertEqual((2, 1.0), (found["exit-first"]["truncated"], found["exit-first"]["loss"]))
        self.assertEqual((2, 2), (found["until-empty"]["abandoned"], found["until-empty"]["execs"]))
        self.assertEqual((2, 2, 0), tuple(found["eof-only"][key] for key in ("missing", "wrong_exit", "loss")))
        self.assertEqual((2, 0, []), tuple(found["drain-ordered"][key] for key in ("missing", "loss", "broken")))
        self.assert_nothing_is_left()

    def test_a_policy_cuts_and_says_so(self):
        found = self.objects("--count", "2", "--dispatcher", "drain-ordered", "--drain", "idle=50ms",
                             command=["sh", "-c", "sleep 1000 & echo hi"])["drain-ordered"]
        self.assertEqual((2, 0, 0), (found["cut"], found["loss"], found["wrong_exit"]))
        self.assert_nothing_is_left()

    def test_a_signal_stops_it_kills_what_runs_and_prints_what_was_counted(self):
        script = "[ -e first ] && { echo $$ >> running; exec sleep 1000; }; echo x; : > first"
        for number in (signal.SIGINT, signal.SIGTERM):
            with self.subTest(signal=number):
                (self.scratch.work / "first").unlink(missing_ok=True)
                running = self.start("race", "live", "--limit", "1h", "--", "sh", "-c", script)
                running.wait_for(b"in turn")
                self.wait_for_file("running")
                running.signal(number)
                result = running.finish()
                self.assertEqual(128 + number, result.status, result.text)
                self.assertIn(f"stopped by {number.name}: 1 of 1,400 execs", result.text)
                self.assertIn(b"\nexit-first             1      1 ", result.stdout)
                self.assert_nothing_is_left()
                (self.scratch.work / "running").unlink()

    def wait_for_file(self, name):
        wait_until((self.scratch.work / name).exists, f"the file {name}")

    def test_the_bar_in_a_terminal_goes_away_with_ctrl_c(self):
        screen = self.open_screen("race", "live", "--count", "100000")
        screen.wait_for("of 700,000 execs")
        screen.send(keys.control("c"))
        self.assertEqual(130, screen.finish())
        self.assertIn("stopped by SIGINT", screen.text())
        self.assertNotIn("[", "".join(line[:1] for line in screen.lines()))
        self.assert_nothing_is_left()

    def test_a_command_that_cannot_start_is_one_line(self):
        path = self.scratch.write("data", "no program", mode=0o644)
        self.assert_failure("race", "live", "--", "nosuchcommand", words="nosuchcommand", status=127)
        self.assert_failure("race", "live", "--", path, words="chmod", status=126)
        self.assert_nothing_is_left()

    def test_wrong_use(self):
        for options, words in (
                (["--count", "0"], "--count 0"), (["--count=-1"], "--count -1"), (["--count", "1e9"], "1e9"),
                (["--count", "1000000000"], "1,000,000"), (["--jobs", "0"], "--jobs 0"), (["--jobs", "1000"], "256"),
                (["--dispatcher", "moon"], ["moon", "exit-gated", "eof-only"]), (["--pump-delay", "soon"], "0-5ms"),
                (["--pump-delay", "5-2ms"], "5-2ms"), (["--pump-delay", "11s"], "10s"), (["--drain", "never"], "never"),
                (["--limit", "0s"], "--limit"), (["--timer", "20s"], "--timer"), (["--seed", "x"], "--seed"),
                (["--load=yes"], "--load"), (["echo", "hi"], "echo")):
            with self.subTest(options=options):
                self.assert_wrong_use("race", "live", *options, words=words)
