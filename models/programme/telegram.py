"""Telegram, as everything else names it: the channel that costs nothing, and on which there are groups."""

CHANNEL = "telegram"
