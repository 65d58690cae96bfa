"""What arrives and what is to be said: inbox and outbox, posts (keys and parameters), conversations, files,
pieces of long messages, notices.

How rows of the outbox are sent, and what becomes of them, is in sending/.
"""
