"""Sub-commands of `irevla` that belong to the operator: the window."""
