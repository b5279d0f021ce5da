"""Whether the arm may move, how the nodes fare, and what their log means."""
