"""MetaWorld (Yu et al. 2020) as a suite: scripted experts, tasks that look or stand otherwise."""
