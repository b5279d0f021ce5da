"""Drivers of real cameras, free of ROS; the simulated ones are `sim.camera`."""
