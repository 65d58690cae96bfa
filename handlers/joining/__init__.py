"""Who takes part: joining, admitting, rights of one's own, the PPID team and its roles, the roster, and
choosing one OPD of many.
"""
