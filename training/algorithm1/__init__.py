"""Algorithm 1 of the paper and what it is compared with, as one loop that a table of methods drives."""
