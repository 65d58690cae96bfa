"""The composition root: the parts of one process, its loops, and what keeps them going."""
