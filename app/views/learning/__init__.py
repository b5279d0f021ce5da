"""Widgets of the Learning page."""
