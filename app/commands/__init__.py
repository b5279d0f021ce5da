"""The sub-commands of `irevla` that belong to the operator."""
