"""The Demonstrations page: how many there are of each task, and what they are steered with."""
