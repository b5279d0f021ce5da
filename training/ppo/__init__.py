"""Stage 1 in simulation: proximal policy optimization, of the head alone or of the whole model."""
