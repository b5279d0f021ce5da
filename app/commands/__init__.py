"""Sub-commands of `irevla` that belong to the operator: the window, and recording without one."""
