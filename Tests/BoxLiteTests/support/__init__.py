"""What the tests with BoxLite's real clients share."""
