"""The weekly release: the plan of the weeks, who gets which item, all of it as rows of the outbox, how far it
is, holding it, urgent items, who did not get it, and which item somebody has.

How an item comes to be approved is in editorial/; how rows go out is in sending/.
"""
