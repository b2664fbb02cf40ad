"""Several boxwatch processes that know each other."""

from .case import ProgramCase
from .deadline import wait_until


class InstanceCase(ProgramCase):
    """Tests of ls, attach, logs, wait, kill and run --detach."""

    def detach(self, *command, options=(), status=0, **more):
        """Starts a command in the background, and returns its identifier."""
        result = self.run_program("run", "--detach", *options, "--", *command, **more)
        self.assertEqual(status, result.status, result.text)
        (identifier,) = result.stdout.decode().split()
        return identifier

    def detach_script(self, script, *options, **more):
        return self.detach("sh", "-c", script, options=options, **more)

    def list(self, *options, **more):
        """The output of `ls --json`."""
        result = self.run_program("ls", "--json", *options, **more)
        self.assertEqual((0, b""), (result.status, result.stderr))
        return result.events

    def listed(self, identifier, **more):
        """The object of `ls --json --all` for one execution."""
        (found,) = [entry for entry in self.list("--all", **more) if entry["id"] == identifier]
        return found

    def owner(self, identifier):
        """The process that runs it."""
        return self.listed(identifier)["pid"]

    def wait_for_state(self, identifier, state):
        wait_until(lambda: self.listed(identifier)["state"] == state, f"{identifier} to be {state}")

    def wait_for_socket(self, pid):
        socket = self.scratch.sockets / f"{pid}.sock"
        wait_until(socket.is_socket, f"the socket of {pid}")
        return socket

    def gated(self, script="", name="gate", options=()):
        """Starts a script that ends once the returned pipe is written to."""
        gate = self.scratch.fifo(name)
        return self.detach_script(f"{script}\ncat {gate}", *options), gate
