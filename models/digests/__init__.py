"""The Wednesday pack: all figures of a week together, the moment at which they are frozen, corrections, what
is said to whom, who gets it, and what the meeting decided.

Each figure by itself is counted in figures/; charts and workbooks are drawn in bot/reports/.
"""
