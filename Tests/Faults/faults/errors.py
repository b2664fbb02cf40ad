"""Which errors the kernel can give for a call, by its manual page, and how often: once, or from then on."""

import errno

DISK = ("ENOSPC", "EDQUOT", "EIO", "EROFS", "EFBIG")
TERMINAL = ("EIO", "EINTR", "EAGAIN", "SHORT")
NONE_LEFT = ("EMFILE", "ENFILE", "ENOMEM")
#: Errors that come once: nothing makes the kernel say them for ever.
PASSING = {"EINTR", "EAGAIN", "ECONNABORTED"}

#: Errors that stay: a reader that went away does not come back.
LASTING = {"EPIPE"}

#: Kind -> class ("*" for the others) -> errors; "SHORT" stands for a part of the work.
ERRORS = {
    "read": {"our-stdin": ("EIO", "EINTR", "EAGAIN"), "pipe": ("EIO", "EINTR", "EAGAIN", "SHORT"),
             # What is said to be readable is: a second look would be the fault of another kernel.
             "socket": ("ECONNRESET", "ENOMEM", "EINTR"), "eventfd": (), "timerfd": (), "signalfd": ("EAGAIN", "EINTR"),
             "inotify": ("EAGAIN", "EINTR"), "proc": ("ENOMEM", "ESRCH", "EINTR"), "*": ("EIO", "EINTR")},
    "write": {"our-stdout": ("EPIPE", "ENOSPC", "EIO", "EFBIG", "EDQUOT", "EINTR", "EAGAIN", "SHORT"),
              "our-stderr": ("EPIPE", "ENOSPC", "EIO", "EINTR", "EAGAIN", "SHORT"),
              # The command reads: a broken pipe would be the truth of another run.
              "pipe": ("EINTR", "EAGAIN", "SHORT"), "eventfd": (),
              "socket": ("EPIPE", "ECONNRESET", "ENOBUFS", "EINTR", "EAGAIN", "SHORT"),
              "terminal": TERMINAL, "memory": ("ENOSPC", "ENOMEM", "EINTR", "SHORT"),
              "sys": ("EBUSY", "EACCES", "ENODEV", "ENOSPC"), "*": (*DISK, "EINTR", "SHORT")},
    # A file in memory is read without a disk.
    "pread": {"memory": (), "*": ("EIO", "EINTR", "SHORT")},
    "preadv2": {"*": ("EAGAIN", "EOPNOTSUPP", "EIO", "SHORT")},
    "pwrite": {"*": (*DISK, "ENOMEM", "EINTR", "SHORT")},
    "writev": {"*": ("EPIPE", "ECONNRESET", "ENOBUFS", "EINTR", "EAGAIN", "SHORT")},
    "open": {"*": (*NONE_LEFT, "EACCES", "EPERM", "EIO", "EINTR")},
    "create": {"*": (*DISK[:4], *NONE_LEFT, "EACCES", "EPERM", "EINTR")},
    "fallocate": {"*": (*DISK, "EOPNOTSUPP", "ENOSYS", "EPERM", "EINTR")},
    "ftruncate": {"*": ("EIO", "EROFS", "EFBIG", "EPERM", "EINTR")},
    "lseek": {"memory": (), "*": ("ESPIPE", "EINVAL")},
    "flock": {"*": ("ENOLCK", "EINTR", "EAGAIN")},
    "fstat": {"*": ("EIO", "ENOMEM")},
    "stat": {"*": ("EIO", "ENOMEM", "EACCES")},
    "access": {"*": ("EIO", "ENOMEM", "EACCES")},
    "fstatvfs": {"*": ("EIO", "ENOSYS", "EINTR")},
    "mkdir": {"*": ("EACCES", "EPERM", "ENOSPC", "EDQUOT", "EROFS", "EMLINK", "ENOMEM", "EIO")},
    "rename": {"*": ("EACCES", "EPERM", "ENOSPC", "EDQUOT", "EROFS", "ENOMEM", "EIO")},
    "symlink": {"*": ("EACCES", "ENOSPC", "EROFS", "EIO")},
    "unlink": {"*": ("EACCES", "EPERM", "EROFS", "EBUSY", "EIO")},
    "rmdir": {"*": ("EACCES", "EPERM", "EROFS", "EBUSY", "EIO", "ENOTEMPTY")},
    "chmod": {"*": ("EPERM", "EROFS", "EIO")},
    "opendir": {"*": (*NONE_LEFT, "EACCES", "EIO")},
    "readdir": {"*": ("EIO",)},
    "realpath": {"*": ("EACCES", "EIO", "ENOMEM")},
    "readlink": {"*": ("EACCES", "EIO", "ENOMEM")},
    "mmap": {"*": ("ENOMEM", "EAGAIN")},
    # Only file systems have anything to say at the end.
    "close": {"data": ("EIO", "EINTR", "ENOSPC", "EDQUOT"), "events": ("EIO", "EINTR", "ENOSPC"), "spec": ("EIO",),
              "*": ()},
    "memfd_create": {"*": NONE_LEFT},
    "epoll_create1": {"*": NONE_LEFT},
    "epoll_ctl": {"*": ("ENOMEM", "ENOSPC")},
    "epoll_wait": {"*": ("EINTR",)},
    "poll": {"*": ("EINTR",)},
    "eventfd": {"*": NONE_LEFT},
    "signalfd": {"*": (*NONE_LEFT, "ENODEV")},
    "timerfd_create": {"*": (*NONE_LEFT, "ENODEV")},
    "inotify_init1": {"*": NONE_LEFT},
    "inotify_add_watch": {"*": ("ENOSPC", "ENOMEM", "EACCES")},
    "pipe": {"*": ("EMFILE", "ENFILE")},
    "dup": {"*": ("EMFILE",)},
    "dup2": {"*": ("EMFILE", "EBUSY", "EINTR")},
    "pipe-size": {"*": ("EPERM", "EBUSY", "ENOMEM")},
    "socket": {"*": (*NONE_LEFT, "ENOBUFS", "EACCES", "EAFNOSUPPORT")},
    "bind": {"*": ("EADDRINUSE", "EACCES", "EROFS", "ENOSPC", "ENOMEM")},
    "listen": {"*": ("EADDRINUSE", "ENOBUFS")},
    "connect": {"*": ("ECONNREFUSED", "EACCES", "ENOENT", "EINTR", "EAGAIN")},
    "accept4": {"*": ("ECONNABORTED", *NONE_LEFT, "ENOBUFS", "EPERM", "EINTR", "EAGAIN")},
    "getsockopt": {"*": ("ENOBUFS",)},
    "setsockopt": {"*": ("ENOMEM", "ENOBUFS")},
    "pidfd_open": {"*": (*NONE_LEFT, "ENODEV", "ENOSYS", "EPERM")},
    "posix_spawn": {"*": ("EAGAIN", "ENOMEM", "EACCES", "ENOENT", "E2BIG", "ETXTBSY", "ENOEXEC", "EIO", "ELOOP",
                          "EMFILE")},
    "clone": {"*": ("EAGAIN", "ENOMEM", "EPERM", "ENOSPC")},
    "pthread_create": {"*": ("EAGAIN",)},
    "setns": {"*": ("EPERM", "ENOMEM", "ESRCH")},
    "execve": {"*": ("EACCES", "ENOMEM", "ENOENT", "EAGAIN")},
    "waitid": {"*": ("EINTR", "ECHILD")},
    "kill": {"*": ("EPERM", "ESRCH")},
    "getrlimit": {"*": ("EPERM",)},
    "setrlimit": {"*": ("EPERM",)},
    "prlimit": {"*": ("EPERM", "ESRCH")},
    "tcgetattr": {"*": ("EIO", "ENOTTY", "EINTR")},
    "tcsetattr": {"*": ("EIO", "EINTR")},
    "ioctl": {"*": ("EIO", "ENOTTY")},
    "posix_openpt": {"*": (*NONE_LEFT, "ENOSPC", "EIO")},
}


def errors_of(kind, place, on_screen=False):
    """The errors of one kind on one class, each with its modes: pairs of a number and "once", "on" or "short"."""
    if on_screen and place.startswith("our-"):
        place = "terminal"
    by_place = ERRORS.get(kind, {})
    pairs = []
    for name in by_place.get(place, by_place.get("*", ())):
        if name == "SHORT":
            pairs += [(0, "short")]
        else:
            modes = ("once",) if name in PASSING else ("on",) if name in LASTING else ("once", "on")
            pairs += [(getattr(errno, name), mode) for mode in modes]
    return pairs
