"""The policy of one controller and the calendar arithmetic of its deletion classes. Pure."""
