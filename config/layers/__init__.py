"""Settings from YAML files laid over each other."""
