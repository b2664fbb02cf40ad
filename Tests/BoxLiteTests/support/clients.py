"""The real clients: BoxLite's wheels from PyPI, each in an environment of its own under .build."""

import json
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[3]
HERE = pathlib.Path(__file__).resolve().parent

#: The newest, and the last one that speaks the older dialect (`/v1/default`, no pings).
VERSIONS = ("0.10.8", "0.9.5")


def python(version):
    """The interpreter that has this version, made when it is missing."""
    folder = ROOT / ".build" / "boxlite" / version
    interpreter = folder / "bin" / "python"
    ready = folder / "ready"
    if not ready.exists():
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        subprocess.run([interpreter, "-m", "pip", "install", "--quiet", "--disable-pip-version-check",
                        f"boxlite=={version}"], check=True)
        ready.touch()
    return interpreter


def call(version, url, scenario, deadline=120, **parameters):
    """Runs one scenario of driver.py with a real client, and returns what it saw."""
    command = [python(version), HERE / "driver.py", url, scenario]
    run = subprocess.run(command, input=json.dumps(parameters).encode(), capture_output=True, timeout=deadline, check=False)
    if run.returncode:
        raise AssertionError(f"{version} {scenario}: status {run.returncode}\n{run.stderr.decode()[-3000:]}")
    return json.loads(run.stdout.splitlines()[-1])
