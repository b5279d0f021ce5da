"""The sub-commands of `irevla` that need the graph, the simulator or the policy."""
