"""A simulated Panda on MuJoCo: torque-level impedance control, cameras, scenes and scripted experts; free of ROS."""
