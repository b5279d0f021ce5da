"""The widgets of the first page."""
