"""Whom we remind, of what, and in which words: civil servants of the week's item, those who asked for it,
those whom their PPID team nudges, who waits for a live stream, and teams whose week has no item.

Who is not to be reminded, and until when, is in people/breaks.py.
"""
