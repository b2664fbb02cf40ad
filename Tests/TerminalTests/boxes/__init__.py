"""The boxes beside the local one, through the real program."""
