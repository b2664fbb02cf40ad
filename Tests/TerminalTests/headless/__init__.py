"""`boxwatch run --headless`: the program between pipes."""
