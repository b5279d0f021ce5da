"""What the heads are made of."""
