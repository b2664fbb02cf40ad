"""What a sandbox can see and do: every line of the table in the HostBoxes article, as root and as a plain user.

Each line is tried in a throw-away sandbox and in a kept one. The article's lines and the tries below must be the same.
"""

import concurrent.futures
import os
import pathlib
import shutil
import socket
import subprocess
import tempfile

from support import ProgramCase
from support.program import BOXWATCH, ROOT

ARTICLE = ROOT / "Sources/HostBoxes/HostBoxes.docc/HostBoxes.md"
NOBODY = 65534

#: Calls the kernel directly; prints each call's error name, or "done".
CALLS = r"""
import ctypes, errno, mmap, sys
libc = ctypes.CDLL(None, use_errno=True)
def call(number, *arguments):
    ctypes.set_errno(0)
    answer = libc.syscall(ctypes.c_long(number), *[ctypes.c_long(argument) for argument in arguments])
    return errno.errorcode.get(ctypes.get_errno(), "?") if answer == -1 else "done"
def call32(number, *arguments):
    # push ebx; the number and three arguments in eax, ebx, ecx and edx; int 0x80; pop ebx; ret
    code = bytes([0x53, 0xb8]) + number.to_bytes(4, "little")
    for register, argument in zip((0xbb, 0xb9, 0xba), (*arguments, 0, 0, 0)):
        code += bytes([register]) + argument.to_bytes(4, "little")
    memory = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
    memory.write(code + bytes([0xcd, 0x80, 0x5b, 0xc3]))
    function = ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(memory)))
    answer = function()
    return errno.errorcode.get(-answer, "?") if answer < 0 else "done"
def words32(*numbers):
    # Memory that 32-bit calls reach: MAP_32BIT.
    memory = mmap.mmap(-1, 4096, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS | 0x40)
    memory.write(b"".join(number.to_bytes(4, "little") for number in numbers))
    held.append(memory)
    return ctypes.addressof(ctypes.c_char.from_buffer(memory))
held = []
"""


#: Sockets in the working directory, by how they were bound: an absolute path, a relative one, through a link, renamed.
SOCKETS = ("door", "near", "linked", "moved")

#: Tries to connect to each; says which one was reached.
CONNECTS = f"""/usr/bin/python3 -c "
import socket
for name in {SOCKETS}:
    try:
        socket.socket(socket.AF_UNIX).connect(name)
        print(name, 'is reached')
    except (ConnectionRefusedError, PermissionError):
        pass
" && echo tried"""


def calls(expression):
    """A command that prints the value of a Python expression over `call` and `call32`."""
    return f"/usr/bin/python3 -c '{CALLS}print({expression})'"


#: The article's line to tries of it: a script, and what it prints. `$TOP` is a folder of the host with a home, a project
#: in it where boxwatch runs, and a runtime folder.
TRIES = {
    "programs": [
        ("for at in /usr /bin /opt; do touch $at/x 2>/dev/null && echo wrote; done; ls /usr/bin/env", "/usr/bin/env"),
    ],
    "`/etc`": [
        ("cat /etc/shadow 2>/dev/null || echo refused", "refused"),
        ("ls /etc/ssl/private 2>/dev/null | wc -l", "0"),
        ("getent passwd 0 | cut -d: -f1; touch /etc/x 2>/dev/null || echo refused", "root\nrefused"),
    ],
    "the working directory": [
        ("cat file; pwd; touch new 2>/dev/null || echo refused", "in the project\n$TOP/home/project\nrefused"),
    ],
    "homes": [
        # A kept box has one home for all of the tries, which may have the note of the last one already.
        ("ls -A $TOP/home | grep -v note; ls -A $TOP/home/.ssh 2>/dev/null", "project"),
        ("ls -A /root /home 2>/dev/null | grep -v : | wc -l", "0"),
        ('echo mine >"$HOME/note" && cat "$HOME/note"', "mine"),
    ],
    "`/tmp`, `/var/tmp`, `/run`": [
        ("for at in /tmp /var/tmp /run; do ls -A $at; echo own >$at/x && cat $at/x; done; ls /var/run/x",
         "own\nown\nown\n/var/run/x"),
    ],
    "`/var`": [
        ("ls /var | tr '\\n' ' '; ls -d /var/lib/dpkg", "cache lib lock run tmp /var/lib/dpkg"),
        ("ls -d /var/log /var/spool /var/lib/docker /var/lib/postgresql 2>/dev/null; touch /var/x 2>/dev/null || echo no", "no"),
    ],
    "`/dev`": [
        ("ls /dev | grep -Ec '^(sd|vd|nvme|loop|kvm|mem|kmsg|fuse|net|vsock)'; head -c 1 /dev/zero | wc -c", "0\n1"),
    ],
    "`/proc`, `/sys`": [
        ("ls /sys; ls /sys/devices; ls -d /proc/[0-9]* | wc -l | grep -cE '^[0-9]$'", "devices\nsystem\n1"),
        ("for at in $(find /proc -maxdepth 4 -path '/proc/[0-9]*' -prune -o -type f -writable -print 2>/dev/null); do "
         "(: >>$at) 2>/dev/null && echo $at; done", ""),
        # Also what is a process's own; but what leads to an open file leads there.
        ("for at in /proc/self/oom_score_adj /proc/self/comm /proc/sys/kernel/core_pattern /proc/sys/kernel/hostname; do "
         "(echo 1 >$at) 2>/dev/null && echo $at; done; echo open >/dev/stdout; echo open >/proc/self/fd/1", "open\nopen"),
        ("cat /proc/sys/kernel/ostype; for at in kmsg kpagecgroup kpagecount kpageflags pagetypeinfo slabinfo timer_list "
         "vmallocinfo kcore tty/driver/serial; do head -c 1 /proc/$at >/dev/null 2>&1 && echo $at; done", "Linux"),
        ("find /proc -maxdepth 2 -path '/proc/[0-9]*' -prune -o -path /proc/sys -prune -o -type f ! -perm -o=r "
         "-readable -print 2>/dev/null | grep -v '^/proc/[a-z-]*self'", ""),
    ],
    "all other files of the host": [
        ("ls -d /srv /mnt /boot /media /lost+found $TOP/other 2>/dev/null; touch /x 2>/dev/null || echo refused", "refused"),
    ],
    "sockets": [
        ("ls -d $TOP/run 2>/dev/null; for at in $TOP/run/boxwatch/*.sock; do test -S $at && echo seen; done; echo ok", "ok"),
        (CONNECTS, "tried"),
    ],
    "variables": [
        ('echo "$SSH_AUTH_SOCK$DISPLAY$XDG_RUNTIME_DIR$DOCKER_HOST$DBUS_SESSION_BUS_ADDRESS:$MARKED"', ":passed"),
    ],
    "capabilities": [
        ("grep -c '^Cap[A-Z][a-z]*:.0000000000000000$' /proc/self/status; grep NoNewPrivs /proc/self/status | cut -f2", "5\n1"),
        ("grep '^Seccomp:' /proc/self/status | cut -f2", "2"),
    ],
    "users": [
        ("wc -l </proc/self/uid_map; readlink /proc/self/ns/user | grep -vc $USERNS", "1\n1"),
    ],
    "mounts": [
        ("mount -o remount,rw,bind / 2>/dev/null && echo owned >/var/tmp/x; umount -l /tmp 2>/dev/null || echo refused", "refused"),
        (calls("call(165, 0, 0, 0, 0, 0), call(166, 0, 0), call(155, 0, 0), call(430, 0, 0), call(428, 0, 0, 0)"),
         "EPERM EPERM EPERM EPERM EPERM"),
    ],
    "namespaces": [
        (calls("call(272, 0x10000000), call(272, 0x20000), call(56, 0x10000011, 0, 0, 0, 0), call(308, 0, 0), call(435, 0, 0)"),
         "EPERM EPERM EPERM EPERM ENOSYS"),
    ],
    "other kernel interfaces": [
        (calls("call(250, 0, 0), call(248, 0), call(249, 0), call(321, 0, 0, 0), call(323, 0), call(298, 0), call(175, 0), call(103, 3, 0, 0)"),
         "EPERM EPERM EPERM EPERM EPERM EPERM EPERM EPERM"),
        (calls("call(425, 1, 0), call(41, 40, 1, 0), call(41, 17, 3, 0), call(41, 38, 5, 0)"),
         "ENOSYS EAFNOSUPPORT EAFNOSUPPORT EAFNOSUPPORT"),
    ],
    "a terminal": [
        (calls("call(16, 0, 0x5412, 0), call(16, 0, 0x541C, 0), call(16, 0, 0x5423, 0), call(16, 0, 0x7fff00005412, 0)"),
         "EPERM EPERM EPERM EPERM"),
    ],
    "32-bit and x32 system calls": [
        (calls("call32(21), call32(52), call32(346), call(0x40000000 + 165, 0, 0, 0, 0, 0)"), "EPERM EPERM EPERM ENOSYS"),
        # clone, unshare and clone3 of a user namespace.
        (calls("call32(120, 0x10000011), call32(310, 0x10000000), call32(435, 0, 0)"), "EPERM EPERM ENOSYS"),
        # socket(2): Unix, IP, vsock, Bluetooth. socketcall(2): a socket of Unix, and a pair of them.
        (calls("call32(359, 1, 1), call32(359, 2, 1), call32(359, 40, 1), call32(359, 31, 1)"),
         "done done EAFNOSUPPORT EAFNOSUPPORT"),
        (calls("call32(102, 1, words32(1, 1, 0)), call32(102, 8, words32(1, 1, 0, words32(0, 0)))"), "EAFNOSUPPORT done"),
    ],
    "the network": [
        ("tail -n +3 /proc/net/dev | cut -d: -f1 | tr -d ' '", "lo"),
        ('/usr/bin/python3 -c "import socket; socket.socket(socket.AF_UNIX).connect(\\"\\\\0$ABSTRACT\\")" 2>&1 | tail -1 | cut -d: -f1',
         "ConnectionRefusedError"),
    ],
    "the sandbox's processes": [
        ("sleep 100 & kill -0 $! && kill -9 $! && echo killed", "killed"),
        (calls("call(101, 0, 0, 0, 0)"), "done"),
    ],
}


class SandboxTableTests(ProgramCase):
    """Runs the real program as two users."""

    def setUp(self):
        super().setUp()
        self.top = pathlib.Path(tempfile.mkdtemp(prefix="sandbox-", dir=ROOT / ".build")).resolve()
        self.addCleanup(shutil.rmtree, self.top, ignore_errors=True)
        for folder in ("home/project", "home/.ssh", "home/.local", "run", "other"):
            (self.top / folder).mkdir(parents=True)
        (self.top / "home/project/file").write_text("in the project\n")
        (self.top / "home/.ssh/id").write_text("secret\n")
        (self.top / "home/.bash_history").write_text("secret\n")
        (self.top / "run").chmod(0o700)
        self.open_sockets(self.top / "home/project")
        self.abstract = f"boxwatch-test-{os.getpid()}"
        self.hidden = socket.socket(socket.AF_UNIX)
        self.addCleanup(self.hidden.close)
        self.hidden.bind("\0" + self.abstract)
        self.hidden.listen()

    def open_sockets(self, project):
        """Creates a listening socket for each name of `SOCKETS`, to which everyone may connect."""
        (self.top / "way").symlink_to(project)
        self.addCleanup(os.chdir, os.getcwd())
        os.chdir(project)
        for bound in (project / "door", "near", self.top / "way/linked", project / "before"):
            door = socket.socket(socket.AF_UNIX)
            self.addCleanup(door.close)
            door.bind(str(bound))
            door.listen()
        (project / "before").rename(project / "moved")
        for name in SOCKETS:
            (project / name).chmod(0o777)

    def boxwatch(self, *words, user=None):
        environment = self.scratch.environment(
            HOME=self.top / "home", XDG_RUNTIME_DIR=self.top / "run", XDG_STATE_HOME=None, XDG_CONFIG_HOME=None,
            SSH_AUTH_SOCK="/run/agent", DISPLAY=":0", DOCKER_HOST="unix:///run/docker.sock",
            DBUS_SESSION_BUS_ADDRESS="unix:path=/run/bus", MARKED="passed")
        as_user = {} if user is None else {"user": user, "group": user, "extra_groups": []}
        return subprocess.run([BOXWATCH, *words], capture_output=True, text=True, timeout=60, env=environment,
                              cwd=self.top / "home/project", check=False, stdin=subprocess.DEVNULL, **as_user)

    def filled(self, text):
        names = {"$TOP": str(self.top), "$USERNS": os.readlink("/proc/self/ns/user").replace("[", "").replace("]", ""),
                 "$ABSTRACT": self.abstract}
        for name, value in names.items():
            text = text.replace(name, value)
        return text

    def try_all(self, user):
        if user is not None:
            if os.geteuid() != 0:
                self.skipTest("only root can become another user")
            subprocess.run(["chown", "-R", str(user), self.top], check=True)
        made = self.boxwatch("box", "create", "table", user=user)
        if made.returncode:
            self.skipTest(made.stderr.strip())
        self.addCleanup(self.boxwatch, "box", "rm", "--force", "table", user=user)
        tries = [(box, line, script, expected) for box in ("bwrap", "table") for line in TRIES
                 for script, expected in TRIES[line]]
        # Most of the time goes by waiting for the processors when the machine is busy.
        with concurrent.futures.ThreadPoolExecutor(4) as pool:
            results = pool.map(lambda one: self.run_in(one[0], one[2], user), tries)
        for (box, line, script, expected), result in zip(tries, results):
            with self.subTest(box=box, line=line, script=script[:60]):
                self.assertEqual(self.filled(expected), result.stdout.strip(), result.stderr)

    def run_in(self, box, script, user):
        return self.boxwatch("run", "--headless", "--box", box, "--", "sh", "-c", self.filled(script), user=user)

    def test_each_line_holds_for_the_user_who_runs_the_tests(self):
        self.try_all(None)

    def test_each_line_holds_for_a_plain_user(self):
        self.try_all(NOBODY)

    def test_the_lines_are_the_article_s(self):
        lines = ARTICLE.read_text().split("## What a sandbox sees", 1)[1].split("\n## ", 1)[0].splitlines()
        cells = [line.split("|")[1].strip() for line in lines if line.startswith("| ")]
        self.assertEqual(cells[2:], list(TRIES))
