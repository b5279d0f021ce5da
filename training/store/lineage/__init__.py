"""Where models came from, how they compared, and which one is used."""
