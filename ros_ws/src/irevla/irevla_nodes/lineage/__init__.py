"""Which model the rig uses: comparison, gate, promotion and roll-back; free of ROS and torch."""
