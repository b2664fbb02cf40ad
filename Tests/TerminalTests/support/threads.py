"""The threads of a program, and signals to each of them."""

import ctypes
import os
import platform
import signal

_LIBC = ctypes.CDLL(None, use_errno=True)
_TGKILL = {"x86_64": 234, "aarch64": 131}.get(platform.machine())

#: Raised by the processor or by abort(3), or as if they were.
FAULTS = [signal.SIGSEGV, signal.SIGBUS, signal.SIGILL, signal.SIGFPE, signal.SIGTRAP, signal.SIGABRT, signal.SIGSYS]

#: Those whose default ends a process besides, but PIPE and XFSZ, which are ignored, and KILL.
ENDING = [signal.SIGHUP, signal.SIGINT, signal.SIGQUIT, signal.SIGUSR1, signal.SIGUSR2, signal.SIGALRM, signal.SIGTERM,
          signal.SIGSTKFLT, signal.SIGXCPU, signal.SIGVTALRM, signal.SIGPROF, signal.SIGIO, signal.SIGPWR,
          signal.SIGRTMIN, signal.SIGRTMIN + 7, signal.SIGRTMAX]

#: Whether every signal is tried on every thread, and every limit, which takes a while.
IS_WHOLE = bool(os.environ.get("BOXWATCH_WHOLE"))


def threads(pid):
    """The numbers of a process's threads, the main one first."""
    return sorted(map(int, os.listdir(f"/proc/{pid}/task")))


def thread_name(pid, thread):
    """Empty for one that has just ended."""
    try:
        with open(f"/proc/{pid}/task/{thread}/comm", encoding="utf-8") as file:
            return file.read().strip()
    except OSError:
        return ""


def raise_on(pid, thread, number):
    """Sends a signal to one thread alone (tgkill(2))."""
    if _LIBC.syscall(_TGKILL, pid, thread, int(number)) != 0:
        error = ctypes.get_errno()
        raise OSError(error, os.strerror(error))


def rounds(numbers, count):
    """Each signal with the places of the threads to try it on: all of them, or one each, in turn."""
    for index, number in enumerate(numbers):
        yield number, range(count) if IS_WHOLE else [index % count]
