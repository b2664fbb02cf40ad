"""What the tests of the real program share: a scratch world, a pty with an emulator, pipes, load."""

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
