"""Who may move the arm, and how far: the limits and the watchdog, free of ROS."""
