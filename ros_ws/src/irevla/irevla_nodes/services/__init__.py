"""Services and actions of a node, beside its own module: they wait, so each has threads of its own."""
