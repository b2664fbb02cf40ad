"""The race lab: on the screen and headless."""
