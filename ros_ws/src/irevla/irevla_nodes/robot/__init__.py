"""The arm behind the robot node, free of ROS: which command makes which step."""
