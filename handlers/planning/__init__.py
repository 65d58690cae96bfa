"""The coming weeks and the items in them: the plan of an OPD, the board of all, moving an item to another
week, and lists and search of items.

Making an item is in submitting/.
"""
