"""What an operator may decide: config.yaml, the environment, and the lists of words."""
