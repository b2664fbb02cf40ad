"""What the tests of the real program share: a scratch world, a pty with an emulator, pipes, load."""

import signal

from . import keys
from .case import ProgramCase
from .deadline import DEADLINE, wait_until
from .headless import Headless, Result
from .instances import InstanceCase
from .load import burners
from .monitor import MonitorCase
from .screen import Screen

__all__ = ["DEADLINE", "Headless", "InstanceCase", "MonitorCase", "ProgramCase", "Result", "Screen", "burners", "keys",
           "wait_until"]

# A script's background job starts with both ignored, and boxwatch keeps ignored what it finds ignored.
signal.signal(signal.SIGINT, signal.default_int_handler)
signal.signal(signal.SIGQUIT, signal.SIG_DFL)
