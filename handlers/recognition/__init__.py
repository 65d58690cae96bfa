"""Recognition in chat: the vote, creative work, OPD compared, the list of a month, certificates.

Somebody's own record (`/saya`) is in sharing/.
"""
