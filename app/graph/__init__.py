"""The bridge: everything of the window that knows the graph."""
