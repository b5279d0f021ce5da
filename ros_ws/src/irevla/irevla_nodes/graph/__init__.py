"""Process supervision of a graph: parameter files, commands, logs, restarts; free of ROS."""
