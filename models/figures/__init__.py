"""What is counted, and how: people, shares, cohorts, forecasts, teams, the snapshots of closed weeks, and the
rows of exports and of open data.

How figures are put together into the pack, and told, is in digests/.
"""
