"""Episode store, replay, supervised rounds, SACfD, Algorithm 1."""
