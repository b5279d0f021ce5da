"""Widgets of the Rounds page."""
