"""The lineage and what is done with it, as the Rounds page shows it."""
