"""The parts of the made-up graph."""
