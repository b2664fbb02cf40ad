"""Ctrl-Z and fg under a shell with job control; Ctrl-L."""

from support import MonitorCase, keys
from support.monitor import is_over, lines

PROMPT = "READY> "


class SuspendTests(MonitorCase):
    def open_shell(self):
        screen = self.open_screen(
            "--norc", "--noprofile", "-i", program=["/bin/bash"],
            environment={"PS1": PROMPT, "BOXWATCH_BINARY": self.program, "HISTFILE": "/dev/null"})
        screen.wait_for(PROMPT.strip())
        return screen

    def leave(self, screen):
        """Quits boxwatch, and waits for the shell."""
        screen.wait_for(is_over)
        screen.send("q")
        screen.wait_for(lambda s: PROMPT.encode() in s.left(), "the prompt")

    def test_it_stops_and_continues_with_the_same_screen(self):
        screen = self.open_shell()
        gate = self.scratch.fifo()
        settings = screen.settings()
        job = self.scratch.write("job", f"#!/bin/sh\necho before; cat {gate}; echo after\n", mode=0o755)
        screen.send(f'"$BOXWATCH_BINARY" run -- {job}\r')
        screen.wait_for(lambda s: lines(s) == ["before"])
        screen.send(keys.control("z"))
        screen.wait_for("Stopped")
        self.assertGreater(screen.raw.rfind(b"\x1b[?1049l"), screen.raw.rfind(b"\x1b[?1049h"))
        self.assertGreater(screen.raw.rfind(b"\x1b[?1000l"), screen.raw.rfind(b"\x1b[?1000h"))
        screen.emulator.reset()
        screen.send("stty -a\r")
        screen.wait_for("icanon")
        self.assertNotIn("-icanon", screen.text())
        self.assertNotIn("-isig", screen.text())
        gate.write_bytes(b"while stopped\n")
        screen.resize(24, 100)
        screen.send("fg\r")
        screen.wait_for(lambda s: "after" in lines(s))
        self.assertGreater(screen.raw.rfind(b"\x1b[?1000h"), screen.raw.rfind(b"\x1b[?1000l"))
        self.assertEqual(["before", "while stopped", "after"], lines(screen))
        self.leave(screen)
        screen.send("echo status $?\r")
        screen.wait_for("status 0")
        screen.send("exit\r")
        self.assertEqual(0, screen.finish())
        self.assertIn("icanon", settings)

    def test_the_command_continues_while_we_are_stopped(self):
        screen = self.open_shell()
        done = self.scratch.work / "done"
        gate = self.scratch.fifo()
        job = self.scratch.write("job", f"#!/bin/sh\necho begun; cat {gate}; : >{done}; echo ended\n", mode=0o755)
        screen.send(f'"$BOXWATCH_BINARY" run -- {job}\r')
        screen.wait_for(lambda s: lines(s) == ["begun"])
        screen.send(keys.control("z"))
        screen.wait_for("Stopped")
        gate.write_bytes(b"")
        screen.wait_for(lambda s: done.exists(), "the command's end while boxwatch is stopped")
        screen.send("fg\r")
        screen.wait_for(lambda s: lines(s) == ["begun", "ended"])
        self.leave(screen)
        screen.send("exit\r")
        self.assertEqual(0, screen.finish())

    def test_in_the_background_it_leaves_the_terminal_alone_and_can_be_ended(self):
        screen = self.open_shell()
        screen.send('"$BOXWATCH_BINARY" run -- sleep 1000\r')
        screen.wait_for("running")
        screen.send(keys.control("z"))
        screen.wait_for("Stopped")
        screen.emulator.reset()
        screen.send("bg\r")
        screen.wait_for("&")
        screen.send("kill %1; wait %1; echo status $?\r")
        screen.wait_for("status 143")
        self.assertGreater(screen.raw.rfind(b"\x1b[?1049l"), screen.raw.rfind(b"\x1b[?1049h"))
        screen.send("exit\r")
        screen.finish()

    def test_ctrl_l_redraws_everything(self):
        screen = self.watch_script("echo here; exec sleep 1000")
        screen.wait_for(lambda s: lines(s) == ["here"])
        screen.emulator.reset()
        screen.emulator.draw("rubbish from somewhere else")
        screen.send(keys.control("l"))
        screen.wait_for(lambda s: lines(s) == ["here"] and "rubbish" not in s.text())
        screen.send("K")
        screen.wait_for("killed")
        self.quit(screen, 137)
