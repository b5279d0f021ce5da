"""The episode: its state machine, its steps, rows of episodes; free of ROS, time passed in."""
