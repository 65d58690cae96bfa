"""A server that speaks Telegram's Bot API on the wire, and a face through which people act on it.

`python -m bot.simulator` starts it; `process.start` starts it from Python; `client.People` acts on it. With
`--twilio-webhook` the same port speaks Twilio's API for WhatsApp too (see the package `twilio`).

Where it is stricter than Telegram, on purpose: an unknown parameter is refused (Telegram ignores it), so
is an unknown named HTML entity (Telegram shows it literally), a file sent as another type, an album of
one, a second answer to a callback, and a second message to a chat within the second (Telegram forgives
short bursts). What it does not play (Markdown, files by URL, other methods) is refused and counted, never
ignored. A method call in a webhook's answer is honoured. Groups are in privacy mode. Updates are not
forgotten after 24 hours, since the clock may jump by days.
"""
