"""A release in chat, from the preview to the last person who did not get it: urgent items, what WhatsApp
needs for it, answers to reminders, and who of an OPD has shown nothing yet.
"""
