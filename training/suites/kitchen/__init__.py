"""Franka Kitchen: the scene of gymnasium-robotics with end-effector actions, cameras and scripted experts of our own."""
