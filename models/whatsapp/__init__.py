"""What only WhatsApp needs: the window of 24 hours, templates and the openers that ask for it, the
portfolio's daily limit, what all of it costs and the month's ceiling.

What an operator sets of this is in programme/whatsapp.py; the wire is in bot/channels/.
"""
