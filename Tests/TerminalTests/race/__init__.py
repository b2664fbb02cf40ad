"""`boxwatch race` without the screen: every schedule, and real processes."""
