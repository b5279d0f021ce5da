"""`irevla bench speed`: the benchmark's loops against the naive ones, measured in the same run."""
