"""Everything that touches the world, and the composition root."""
