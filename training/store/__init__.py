"""The episode store: one MCAP file an episode, an SQLite index with an append-only label log; free of torch."""
