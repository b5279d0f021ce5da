"""Franka Kitchen: the scene of gymnasium-robotics with end-effector actions, cameras and experts of our own."""
