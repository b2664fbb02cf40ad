"""P8: hostile output leaves no trace on the real terminal."""

from support import MonitorCase, keys
from support.monitor import is_over, lines
from support.sequences import foreign

ATTACKS = {
    "clipboard": b"\x1b]52;c;aGVsbG8=\x07\x1b]52;c;aGVsbG8=\x1b\\",
    "title": b"\x1b]0;owned\x07\x1b]2;owned\x1b\\\x1b]1;owned\x07",
    "hyperlink": b"\x1b]8;;http://evil.example\x1b\\click\x1b]8;;\x1b\\",
    "colours": b"\x1b]4;1;rgb:ff/00/00\x07\x1b]10;red\x07\x1b]11;?\x07\x1b]104\x07",
    "cursor": b"\x1b[H\x1b[2J\x1b[10;10Hmoved\x1b[5A\x1b[3B\x1b[99C\x1b[99D\x1b[s\x1b[u\x1b7\x1b8",
    "erase": b"\x1b[2K\x1b[J\x1b[3J\x1b[P\x1b[M\x1b[L\x1b[@\x1b[X",
    "modes": b"\x1b[?1049h\x1b[?1049l\x1b[?1003h\x1b[?9h\x1b[?25l\x1b[?5h\x1b[?2004l\x1b[?1h\x1b=\x1b[20h\x1b[4h",
    "reset": b"\x1bc\x1b[!p\x1b#8",
    "charset": b"\x1b(0\x0e\x0f\x1b%G\x1b%@\x1bN\x1bO",
    "queries": b"\x1b[c\x1b[>c\x1b[=c\x1b[5n\x1b[6n\x1b[?6n\x1b[x\x1bZ\x05",
    "strings": b"\x1bP+q544e\x1b\\\x1b_apc\x1b\\\x1b^pm\x1b\\\x1bXsos\x1b\\",
    "unended": b"\x1b]0;never ended\nnext line\x1bPnever ended\nlast\n",
    "sixel": b"\x1bPq#0;2;0;0;0~~\x1b\\",
    "print": b"\x1b[5i\x1b[4i\x1b[?5i",
    "window": b"\x1b[8;10;10t\x1b[3;0;0t\x1b[21t\x1b[2t",
    "margins": b"\x1b[5;6r\x1b[?6h\x1b[?69h\x1b[5;6s",
    "c1 bytes": b"\x9b2J\x9d0;owned\x9c\x90q\x9c\x84\x85\x8d",
    "c1 characters": "\x9b2J\x9d0;owned\x9c\x90q\x9c\x84\x85\x8d\x9f".encode(),
    "controls": bytes(byte for byte in range(32) if byte not in b"\n") + b"\x7f",
    "bell": b"\x07" * 50,
    "bidi": "a\u202eb\u202cc\u2066d\u2069\u200e\u200f\u061ce".encode(),
    "separators": "a\u2028b\u2029c\ufeffd\u200be".encode(),
    "synchronized": b"\x1b[?2026h\x1bP=1s\x1b\\",
    "keyboard": b"\x1b[>4;2m\x1b[>1u\x1b[=1;1u\x1b[<u",
    "blink and conceal": b"\x1b[5mblink\x1b[8mhidden\x1b[0m",
    "long parameters": b"\x1b[" + b"1;" * 2000 + b"m" + b"\x1b[99999999999999999999m" + b"x",
    "half sequences": b"\x1b[\n\x1b]\n\x1b\n\x1b[38;2;1\n\x1b[?\n\x9b\n",
    "response": b"\x1bP$q\"p\x1b\\\x1b[?1$p",
    "tmux": b"\x1bPtmux;\x1b\x1b]0;owned\x07\x1b\\\x1bk owned\x1b\\",
}


class HostileTests(MonitorCase):
    def assert_clean(self, screen, titles=(b"boxwatch",)):
        self.assertEqual([], foreign(bytes(screen.raw), titles)[:10])
        self.assertNotIn(b"owned\x07", screen.raw)

    def test_the_check_itself_finds_each_attack(self):
        for name, attack in ATTACKS.items():
            if name not in ("cursor", "erase", "blink and conceal", "long parameters", "separators", "half sequences"):
                with self.subTest(attack=name):
                    self.assertNotEqual([], foreign(attack))

    def test_hostile_output_leaves_no_trace(self):
        content = b"\n".join(attack for attack in ATTACKS.values()) + b"\nSTILL HERE\n"
        for stream in ("", ">&2"):
            with self.subTest(stream=stream):
                path = self.scratch.write("content", content)
                screen = self.watch_script(f"cat {path} {stream}", rows=60, columns=150)
                screen.wait_for(is_over)
                screen.wait_for("STILL HERE")
                self.look_around(screen)
                screen.send("q")
                self.assertEqual(0, screen.finish())
                self.assert_clean(screen)

    def look_around(self, screen):
        """Shows the output in every way there is."""
        for key in (keys.TAB, "g", "w", "G", "z", "g", "z", "w", "l", "$", "0", "v"):
            screen.send(key)
            screen.pump(0.03)
        screen.send("/STILL\r")
        screen.wait_for("/STILL")
        screen.send("?")
        screen.wait_for("keys ─")
        screen.send(keys.ESCAPE)
        screen.wait_while("keys ─")

    def test_each_attack_alone_leaves_the_screen_whole(self):
        for name, attack in ATTACKS.items():
            with self.subTest(attack=name):
                screen = self.watch_bytes(b"before\n" + attack + b"\nafter\n")
                self.assertEqual("before", lines(screen)[0])
                self.assertEqual("after", lines(screen)[-1])
                self.assertTrue(screen.lines()[0].startswith(" boxwatch"))
                self.quit(screen)
                self.assert_clean(screen)

    def test_controls_are_drawn_as_visible_glyphs(self):
        screen = self.watch_bytes(b"a\x07b\x1bc\x00d\x7fe\x9bf\n")
        shown = lines(screen)[0]
        for letter in "abcdef":
            self.assertIn(letter, shown)
        self.assertGreaterEqual(len(shown), 11)
        self.assertTrue(all(character.isprintable() for character in shown), shown)
        self.quit(screen)

    def test_hostile_words_of_a_command_are_visible_in_list_and_summary(self):
        screen = self.watch("sh", "-c", "exit 3", "\x1b]0;owned\x07\x1b[2J\u202e", "\x9b2J")
        screen.wait_for(is_over)
        screen.send("q")
        screen.finish()
        self.assert_clean(screen)

    def test_a_hostile_name_is_visible(self):
        screen = self.watch("true", options=["--name", "\x1b]0;owned\x07\x1b[2Jname"])
        screen.wait_for(is_over)
        screen.send("q")
        screen.finish()
        self.assert_clean(screen)

    def test_hostile_last_lines_of_a_failed_command_are_harmless_in_the_summary(self):
        content = b"\n".join(ATTACKS.values()) + b"\n"
        for name, attack in [("all", content), *ATTACKS.items()]:
            with self.subTest(attack=name):
                path = self.scratch.write("content", b"failing\n" + attack + b"\n")
                screen = self.watch_script(f"cat {path}; cat {path} >&2; exit 3")
                screen.wait_for(is_over)
                self.quit(screen, 3)
                self.assert_clean(screen)

    def test_hostile_keys_and_pastes_are_harmless(self):
        screen = self.watch("cat")
        screen.wait_for("running")
        screen.send("i" + keys.paste("\x1b]0;owned\x07\x1b[2J\x9b2J") + "\r")
        screen.send(keys.ESCAPE)
        screen.send("\x1b]0;x\x07\x1b[999;999H\x1b[?1;2c\x1bP\x1b\\")
        # An escape before a letter is Alt and that letter; the x behind it opens the menu.
        screen.wait_for("signal to")
        screen.send(b"\xff\xfe\xc3\x00\x01")
        # curses drops what comes in one burst with bytes that are no text, so the key is pressed until it arrives.
        screen.wait_for(lambda s: "signal to" not in s.text() or s.send(keys.ESCAPE), "the menu's end")
        # The same for an escape that is not over yet: together they are Alt and that letter.
        screen.wait_for(lambda s: is_over(s) or s.send("K"), "the end")
        self.quit(screen, 137)
        self.assert_clean(screen)
