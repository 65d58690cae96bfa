"""A message from a person to the program, and the request that tells the program of it."""

import json
from collections.abc import Mapping
from typing import Any

from bot.simulator.twilio.account import CHANNEL, Account
from bot.simulator.twilio.rest import Rest
from bot.simulator.twilio.store import Media, Message, Person, sid


def send(
    rest: Rest,
    person: Person,
    kind: str,
    *,
    text: str = "",
    media: Media | None = None,
    answers: str = "",
    forwarded: bool = False,
    extra: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """Sends a message; `kind` is Twilio's MessageType, `extra` are more fields of the request.

    Whoever writes has looked at the chat: what was delivered is read by that. Raises ValueError.
    """
    if person.blocked:
        raise ValueError("the number is blocked: unblock it first")
    if not person.on:
        raise ValueError("the phone is off")
    account, now = rest.account, rest.account.now()
    message = Message(sid("MM" if media else "SM"), person.address, True, text, "received", now, now, now)
    message.kind, message.reply_to, message.forwarded = kind, answers, forwarded
    if media is not None:
        own = Media(sid("ME"), message.sid, media.mime, media.path, media.size, now)
        message.media.append(own)
        account.media[own.sid] = own
    rest.sender.read(person)
    person.last_inbound = now
    person.show(message)
    account.log(message)
    account.changed(person, message, "wa_message")
    rest.hooks.inbound(message, form_of(account, person, message, extra or {}))
    return {"sid": message.sid}


def form_of(account: Account, person: Person, message: Message, more: Mapping[str, str]) -> dict[str, str]:
    """The fields of Twilio's request for an inbound message; blank ones are sent, as there."""
    context: dict[str, str] = {}
    form = {
        "SmsMessageSid": message.sid,
        "NumMedia": str(len(message.media)),
        "ProfileName": person.name,
        "MessageType": message.kind,
        "SmsSid": message.sid,
        "WaId": person.phone.removeprefix("+"),
        "SmsStatus": "received",
        "Body": message.body,
        "To": CHANNEL + account.sender,
        "NumSegments": "1",
        "ReferralNumMedia": "0",
        "MessageSid": message.sid,
        "AccountSid": account.sid,
        "From": CHANNEL + person.address,
        "ApiVersion": "2010-04-01",
        "ExternalUserId": CHANNEL + person.external,
        **more,
    }
    for number, one in enumerate(message.media):
        place = f"{account.base}/2010-04-01/Accounts/{account.sid}/Messages/{message.sid}/Media/{one.sid}"
        form[f"MediaUrl{number}"], form[f"MediaContentType{number}"] = place, one.mime
    answered = person.chat.get(message.reply_to)
    if message.reply_to:
        author = person.address if answered is not None and answered.inbound else account.sender
        form["OriginalRepliedMessageSid"] = message.reply_to
        form["OriginalRepliedMessageSender"] = CHANNEL + author
    if message.reply_to or message.forwarded:
        context["Forwarded"] = form["Forwarded"] = str(message.forwarded).lower()
        context["FrequentlyForwarded"] = form["FrequentlyForwarded"] = "false"
    context.update({name: form[name] for name in ("ButtonText", "ProfileName", "WaId") if form.get(name)})
    metadata = {"type": "whatsapp", "data": {"context": context}}
    form["ChannelMetadata"] = json.dumps(metadata, separators=(",", ":"), ensure_ascii=False)
    return form
