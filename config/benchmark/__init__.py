"""The benchmark: which tasks, how many episodes, how much training, at three scales."""
