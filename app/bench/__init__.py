"""The window with a stopwatch: processes that `irevla bench dashboard` starts."""
