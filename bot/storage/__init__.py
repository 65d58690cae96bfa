"""The database: its engines and shape, the one way to write, wake-ups, and who may be the active one."""
