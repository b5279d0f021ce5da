"""Cyclone DDS, as rmw_cyclonedds uses it: names, QoS, raw readers and writers, discovery."""
