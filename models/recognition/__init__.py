"""The monthly recognition: how merit is found, votes, creative work, the lists and who decides on them,
certificates, a person's own record, and the comparison of OPD.

Months as spans of time are in programme/; the figures of a week are in figures/.
"""
