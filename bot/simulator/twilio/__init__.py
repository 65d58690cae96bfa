"""The Twilio half: WhatsApp through Twilio's REST and Content APIs, and the phones of the people there.

Where it is stricter than Twilio, on purpose: an unknown parameter is refused (Twilio ignores it), so are
Body or MediaUrl beside a ContentSid, a value of ContentVariables that is no string, and two buttons of one
name. A message that is still queued has no DateSent, so no filter by DateSent finds it. What it does not
play (messaging services, scheduling, other content types, TwiML that sends) is refused and counted.

Where it is kinder: messages to one person arrive in the order in which they were accepted, and Twilio's
review takes seconds (`review` in the settings). Everything else waits for the simulator's clock or for the
sender's speed, as it would there.
"""
