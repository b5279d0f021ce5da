"""The main job, end to end: a client of the graph that runs Algorithm 1 on one RL task and reports it."""
