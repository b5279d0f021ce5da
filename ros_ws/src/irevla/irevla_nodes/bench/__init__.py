"""Benchmarks behind `irevla bench`: each module's `run()` returns rows of measured ratios."""
