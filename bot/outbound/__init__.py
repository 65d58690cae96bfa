"""What goes out: rows become calls at their pace, and what came of those is written down."""
