"""The way of an item from idea to approval: suggestions, who may take the next step, moving it, remarks,
lists and search, items that wait or whose author is gone, new versions of approved ones.

What an item is, and the table of its states, is in content/; its week is in releases/.
"""
