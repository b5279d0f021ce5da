"""The part of rclpy that the nodes use, on Eclipse Cyclone DDS, for machines without ROS 2."""

from irevla_dds.activation import activate

__all__ = ["activate"]
