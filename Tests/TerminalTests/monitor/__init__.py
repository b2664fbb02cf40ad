"""The monitor in a real pseudo-terminal, read back through an emulator."""
