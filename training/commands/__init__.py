"""Sub-commands of `irevla` that read the store or train."""
