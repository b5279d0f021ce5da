"""The episodes of the store as an operator looks at them: lists, one by one, picture by picture; free of ROS."""
