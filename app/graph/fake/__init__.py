"""Parts of the made-up graph, one a noun."""
