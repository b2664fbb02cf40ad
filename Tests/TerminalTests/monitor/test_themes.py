"""Themes, colours switched off, and theme files with mistakes."""

from support import MonitorCase, keys
from support.monitor import is_over, lines
from support.program import THEMES

SHIPPED = sorted(path.stem for path in THEMES.glob("*.yaml"))


def colours(screen):
    """Every colour on the screen."""
    cells = [cell for row in range(screen.emulator.lines) for cell in screen.emulator.buffer[row].values()]
    return {cell.fg for cell in cells} | {cell.bg for cell in cells}


class ThemeTests(MonitorCase):
    def open_theme(self, *options, **more):
        screen = self.watch_script("echo hi; echo err >&2; exit 0", *options, **more)
        screen.wait_for(is_over)
        return screen

    def test_there_are_the_six_shipped_themes(self):
        self.assertEqual(["gruvbox-dark", "modus-vivendi-tritanopia", "mono", "nord", "solarized-light", "terminal"],
                         SHIPPED)
        listed = self.run_program("themes").stdout.decode()
        for name in SHIPPED:
            self.assertIn(name, listed)

    def test_each_shipped_theme_shows_everything(self):
        for name in SHIPPED:
            with self.subTest(theme=name):
                screen = self.open_theme("--theme", name)
                self.assertIn(f"theme {name}", screen.text())
                self.assertEqual((["hi"], ["err"]), (lines(screen), lines(screen, "stderr")))
                self.assertIn("✔ done", screen.text())
                self.quit(screen)

    def test_the_default_uses_only_the_users_own_sixteen_colours(self):
        screen = self.open_theme()
        self.assertIn("theme terminal", screen.text())
        self.assertFalse([colour for colour in colours(screen) if len(colour) == 6 and all(
            letter in "0123456789abcdef" for letter in colour)])
        self.assertEqual("default", screen.cell_of("hi").bg)
        self.quit(screen)

    def test_a_theme_with_colours_uses_them(self):
        screen = self.open_theme("--theme", "nord")
        self.assertNotEqual("default", screen.cell_of("hi").bg)
        self.quit(screen)

    def test_mono_uses_none(self):
        screen = self.open_theme("--theme", "mono")
        self.assertEqual({"default"}, colours(screen))
        self.quit(screen)

    def test_no_color_uses_none_and_the_option_beats_it(self):
        screen = self.open_theme("--theme", "nord", environment={"NO_COLOR": "1"})
        self.assertEqual({"default"}, colours(screen))
        self.quit(screen)
        screen = self.open_theme("--theme", "nord", "--color", "always", environment={"NO_COLOR": "1"})
        self.assertNotEqual({"default"}, colours(screen))
        self.quit(screen)
        screen = self.open_theme("--theme", "nord", "--color", "never")
        self.assertEqual({"default"}, colours(screen))
        self.quit(screen)

    def test_an_empty_no_color_means_nothing(self):
        screen = self.open_theme(environment={"NO_COLOR": ""})
        self.assertNotEqual({"default"}, colours(screen))
        self.quit(screen)

    def test_without_colour_the_state_is_still_shown(self):
        screen = self.open_theme("--color", "never")
        self.assertIn("✔ done", screen.text())
        self.assertTrue(any(cell.bold or cell.reverse for cell in screen.emulator.buffer[2].values()))
        self.quit(screen)

    def test_the_theme_of_the_configuration_is_used(self):
        self.scratch.configure("theme: gruvbox-dark\n")
        screen = self.open_theme()
        self.assertIn("theme gruvbox-dark", screen.text())
        self.quit(screen)

    def test_a_theme_of_ones_own_is_used(self):
        self.scratch.configure("name: mine\ninherits: nord\nroles:\n  text: {fg: red}\n", "themes/mine.yaml")
        screen = self.open_theme("--theme", "mine")
        self.assertIn("theme mine", screen.text())
        self.assertEqual(["hi"], lines(screen))
        self.quit(screen)
        self.assertIn("mine", self.run_program("themes").stdout.decode())

    def test_a_mistake_in_a_theme_names_its_place_and_falls_back(self):
        for text, place in (("name: bad\nroles:\n  text: {fg: nocolour}\n", ":3:"),
                            ("name: bad\nroles:\n  texxt: {fg: red}\n", ":3:"),
                            ("name: bad\nroles: [a\n", ":"), ("name: bad\ninherits: nothing\n", ":2:"),
                            ("name: bad\ninherits: bad\n", ":")):
            with self.subTest(text=text):
                path = self.scratch.configure(text, "themes/bad.yaml")
                screen = self.open_theme("--theme", "bad")
                self.assertEqual(["hi"], lines(screen))
                self.assertIn("theme terminal", screen.text())
                self.quit(screen)
                self.assertIn(f"{path.name}{place}".encode(), screen.left())

    def test_an_unknown_theme_falls_back_and_names_those_there_are(self):
        screen = self.open_theme("--theme", "moon")
        self.assertIn("theme terminal", screen.text())
        self.quit(screen)
        self.assertIn(b"moon", screen.left())
        self.assertIn(b"nord", screen.left())

    def test_themes_can_be_tried_by_key(self):
        screen = self.open_theme()
        screen.send("t")
        screen.wait_for("solarized-light")
        screen.send("nord")
        screen.wait_for("theme nord")
        screen.send(keys.ESCAPE)
        screen.wait_for("theme terminal")
        screen.send("tnord" + keys.ENTER)
        screen.wait_for(lambda s: "theme nord" in s.text() and "solarized" not in s.text())
        self.quit(screen)
