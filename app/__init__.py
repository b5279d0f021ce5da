"""What the operator sees and presses; the `irevla` command line."""
