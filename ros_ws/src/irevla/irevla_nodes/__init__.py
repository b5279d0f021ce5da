"""One thin ROS node a file, with ROS-free cores and drivers beside them."""
