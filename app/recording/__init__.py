"""`irevla record`: demonstrations by hand, without a window."""
