"""What a running program tells of itself: logs without secrets, and metrics."""
