"""Load on the machine, so that a race which needs an unlucky moment finds it."""

import contextlib
import subprocess


@contextlib.contextmanager
def burners(count=4):
    """Keeps `count` processes busy while the block runs."""
    processes = [
        subprocess.Popen(["sh", "-c", "while kill -0 $PPID 2>/dev/null; do i=0; "
                          "while [ $i -lt 100000 ]; do i=$((i+1)); done; done"])
        for _ in range(count)
    ]
    try:
        yield
    finally:
        for process in processes:
            process.kill()
        for process in processes:
            process.wait()
