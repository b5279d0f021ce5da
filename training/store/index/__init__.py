"""The SQLite file beside the episodes: what it knows of them, and how it is asked."""
