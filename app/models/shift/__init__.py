"""The working day: its events, their file, and what they add up to."""
