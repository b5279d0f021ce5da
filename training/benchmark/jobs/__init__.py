"""What an experiment consists of: demonstrations, stage 0 and one run a method and seed, each in its own process."""
