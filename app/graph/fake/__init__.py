"""Parts of a graph that is made up."""
