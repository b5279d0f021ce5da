"""Teleoperation: settings, devices, and the keys that every keyboard has in common."""
