"""Which binary is tested."""

import os
import pathlib

ROOT = pathlib.Path(__file__).resolve().parents[3]

#: The program: $BOXWATCH, or the debug build.
BOXWATCH = os.environ.get("BOXWATCH", str(ROOT / ".build" / "debug" / "boxwatch"))

#: The themes that are shipped.
THEMES = ROOT / "Themes"
