"""Stage 1 beside the graph: the thread that learns; free of ROS."""
