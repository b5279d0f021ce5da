"""Is everything there that a rig needs? Looks only; nothing moves."""
