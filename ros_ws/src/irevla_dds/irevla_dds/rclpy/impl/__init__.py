"""What the public modules of this rclpy are made of; not part of rclpy's API."""
