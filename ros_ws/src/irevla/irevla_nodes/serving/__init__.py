"""What the policy node decides without torch or ROS: which messages make an observation, which head is due."""
