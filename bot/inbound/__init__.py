"""What arrives: stored before the channel hears that we have it, then handled."""
