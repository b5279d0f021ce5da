"""Messages, services and actions: from the same text files rosidl reads to Python classes and CDR bytes."""
