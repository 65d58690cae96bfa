"""Pictures and papers made from figures: the Wednesday chart, the poster of an OPD."""
