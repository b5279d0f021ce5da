"""What is shown, free of Qt and of ROS."""
