"""What a person, or the scripted expert, proposes; free of ROS."""
