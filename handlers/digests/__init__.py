"""The weekly figures in chat: the pack and its versions, a further look into it, who did not share,
corrections, decisions of the meeting, subscriptions, exports, and the bound group.
"""
