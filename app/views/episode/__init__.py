"""The episode's controls: start, stop, label, undo, the plan of the next one, and the reset guide."""
