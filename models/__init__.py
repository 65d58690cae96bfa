"""Nouns of the programme: each module has its tables, its rules and its verbs."""
