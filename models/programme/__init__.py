"""The programme as an operator sets it, and its time: weeks, months, the moments and days that people name,
and which job has run for which period.

Nothing here knows people, items or messages.
"""
