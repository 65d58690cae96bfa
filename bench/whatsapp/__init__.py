"""The program on WhatsApp, against the Twilio simulator.

python -m bench.whatsapp.sending   # 80 messages a second, with latency, refusals and lost answers
python -m bench.whatsapp.inbound   # signed webhooks, from the POST to the committed receipt
python -m bench.whatsapp.tier      # a release to more people than the portfolio may write to in a day
"""
