"""Stage 1 as the Learning page shows it."""
