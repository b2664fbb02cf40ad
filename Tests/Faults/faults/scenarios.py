"""The runs that get faults, by name: each returns its outcome and the calls that it made."""

from .others import attach, detach, logs
from .own import headless, kept, monitor, sandbox
from .served import serve

SCENARIOS = {scenario.__name__: scenario
             for scenario in (headless, sandbox, kept, monitor, logs, attach, detach, serve)}
