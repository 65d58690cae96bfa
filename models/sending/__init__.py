"""The sender's side of the outbox: leasing rows, gates before the call, recording what came back at once or
later, what a failure means, and rows of which nobody knows whether they arrived.

What is queued, and how, is in messages/; windows and openers are in whatsapp/; the calls themselves in bot/.
"""
