"""Untrusted words: wherever they are printed, no control sequence in them reaches the terminal."""

import http.server
import json
import threading

from support import ProgramCase

#: Escape and C1 sequences, a bell, a tab, line ends, DEL, overrides and separators, between letters.
HOSTILE = "a\x1b[31mb\x9b2Jc\x07d\te\rf\ng\x7fh\u202ei\u2066j\u2028k\x85l"
BAD = [*range(0x20), *range(0x7F, 0xA0), 0x61C, *range(0x200E, 0x2010), *range(0x2028, 0x202F), *range(0x2066, 0x206A)]
BAD.remove(0x0A)


class HostileWordsTests(ProgramCase):
    def assert_safe(self, data):
        found = [f"U+{ord(letter):04X}" for letter in data.decode() if ord(letter) in BAD]
        self.assertEqual([], found, data)

    def run_safely(self, *arguments, **options):
        """Runs the program and looks at all that it writes."""
        result = self.run_program(*arguments, **options)
        self.assert_safe(result.stdout)
        self.assert_safe(result.stderr)
        return result

    def test_the_check_itself_finds_each(self):
        for value in BAD:
            with self.assertRaises(AssertionError):
                self.assert_safe(f"a{chr(value)}b".encode())

    def test_words_that_are_not_an_option(self):
        for arguments in ([f"--{HOSTILE}"], [HOSTILE], ["run", f"--{HOSTILE}", "--", "true"],
                          ["ls", HOSTILE], ["serve", HOSTILE], ["box", HOSTILE], ["race", HOSTILE]):
            with self.subTest(arguments=arguments):
                self.assertNotEqual(b"", self.run_safely(*arguments).stderr)
        self.run_safely("help", HOSTILE)

    def test_values_of_options(self):
        for option in ("box", "env", "timeout", "kill-grace", "drain", "keep", "stdin", "file", "jobs", "user", "config"):
            with self.subTest(option=option):
                self.assertNotEqual(b"", self.run_safely("run", "--headless", f"--{option}={HOSTILE}", "--", "true").stderr)

    def test_commands_and_folders_that_are_not_there(self):
        self.assertNotEqual(b"", self.run_safely("run", "--headless", "--", HOSTILE).stderr)
        self.assertNotEqual(b"", self.run_safely("run", "--headless", f"--workdir=/{HOSTILE}", "--", "true").stderr)

    def test_other_commands(self):
        for arguments in (["logs", HOSTILE], ["attach", HOSTILE], ["wait", HOSTILE], ["kill", HOSTILE],
                          ["kill", f"--signal={HOSTILE}", "x"], ["box", "create", HOSTILE], ["box", "rm", HOSTILE],
                          ["serve", "--headless", f"--listen={HOSTILE}"], ["serve", f"--retention={HOSTILE}"],
                          ["race", "replay", HOSTILE], ["race", "live", "--runs=1", "--", HOSTILE],
                          ["attach", f"boxlite://127.0.0.1:1/{HOSTILE}"], ["attach", f"docker:{HOSTILE}"]):
            with self.subTest(arguments=arguments):
                self.assertNotEqual(b"", self.run_safely(*arguments).stderr)

    def test_tags_of_several_commands(self):
        result = self.run_safely("run", "--headless", "--name", HOSTILE, "--", "echo", "x", "---", "echo", "y")
        self.assertEqual([b"x", b"y"], sorted(line.rpartition(b" | ")[2] for line in result.stdout.splitlines()))
        self.run_safely("run", "--headless", "--", "sh", "-c", f"echo x; : {HOSTILE!r}", "---", "echo", "y")

    def test_what_is_listed_shown_and_told_of_a_record(self):
        self.run_safely("run", "--headless", "--tag", "--name", HOSTILE, "--", "sh", "-c", "exit 3", HOSTILE)
        for arguments in (["ls"], ["ls", "--all"], ["logs", "--tag", HOSTILE], ["wait", HOSTILE], ["boxes"]):
            self.run_safely(*arguments)

    def test_json_is_safe_and_exact(self):
        result = self.run_safely("run", "--json", "--name", HOSTILE, "--", "printf", "%s", HOSTILE)
        started = next(event for event in result.events if event["event"] == "started")
        self.assertEqual((HOSTILE, ["printf", "%s", HOSTILE]), (started["name"], started["command"]))
        self.assertEqual(HOSTILE, "".join(event.get("text", "") for event in result.events))
        self.assertEqual([HOSTILE], [entry["name"] for entry in self.run_safely("ls", "--json").events])
        self.run_safely("logs", "--json", HOSTILE)

    def test_files_of_commands_and_of_the_configuration(self):
        for text in (f"- {{command: [true], {json.dumps(HOSTILE)}: 1}}", f"- {{command: [true], timeout: {json.dumps(HOSTILE)}}}",
                     f"{json.dumps(HOSTILE)}: {{}}", f"- {{command: [true], env: {{{json.dumps('=' + HOSTILE)}: x}}}}",
                     f"- {{command: [{json.dumps(HOSTILE)}]}}", f"{json.dumps(HOSTILE)}: [false]\nb: [false]",
                     f"- [\"{HOSTILE}", "\x9b: \x85: - ["):
            path = self.scratch.write("execs.yaml", text)
            with self.subTest(text=text):
                self.run_safely("run", "--headless", "--file", path)
                self.run_safely("run", "--headless", "--config", path, "--", "true")

    def test_a_spec_that_was_tampered_with(self):
        self.run_safely("run", "--headless", "--", "true")
        path = self.scratch.journals()[0] / "spec.json"
        path.write_text(path.read_text(encoding="utf-8").replace('"local"', json.dumps(HOSTILE)), encoding="utf-8")
        self.run_safely("ls")
        self.run_safely("logs", "--tag", self.scratch.journals()[0].name)

    def test_what_a_server_says(self):
        class Server(http.server.BaseHTTPRequestHandler):
            def answer(self):
                body = json.dumps({"error": {"message": HOSTILE, "code": HOSTILE, "type": HOSTILE}},
                                  ensure_ascii=False).encode()
                self.send_response(400)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            do_GET = do_POST = answer

            def log_message(self, *_):
                pass

        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Server)
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        address = f"boxlite://127.0.0.1:{server.server_port}/box"
        self.assertNotEqual(b"", self.run_safely("run", "--headless", "--box", address, "--", "true").stderr)
        self.assertNotEqual(b"", self.run_safely("attach", "--headless", address + "/x").stderr)
