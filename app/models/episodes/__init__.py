"""What the episodes page shows: the list, and the episode that is looked into."""
