"""Deciding on an item: the reviewer's queue and card, approving, returning, scores.

Its history, its checks and remarks about it are in items/, since its author sees them as well.
"""
