"""The widgets of the episodes page."""
