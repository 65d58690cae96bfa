"""What Twilio's error codes mean for us: one table, for answers to a call and for status callbacks alike.

Sources: https://www.twilio.com/docs/api/errors and the page of each code. What a code means is changed
by Twilio now and then, so codes that are in no table have a rule of their own (`meaning`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from twilio.base.exceptions import TwilioException, TwilioRestException, TwilioServiceException
from twilio.http.response import Response

from bot.channels import Failure, SendError
from bot.channels.whatsapp_transport import NoAnswerError, NotSentError, TooManyError
from models.sending.setbacks import Kind, Verdict


class Meaning(StrEnum):
    """What is to be done about a code."""

    OPT_OUT = "opt_out"  # this person does not want us: never again to this address
    PERMANENT = "permanent"  # this message will never go out
    NEEDS_TEMPLATE = "needs_template"  # the 24 hours are over: an approved template has to come first
    TEMPLATE = "template"  # this template cannot be sent, to nobody
    LATER = "later"  # this message again, in hours
    NOW = "now"  # again with the usual backoff
    HALT = "halt"  # nothing can go out until somebody mends the account


@dataclass(frozen=True, slots=True)
class Rule:
    """`seconds` is the wait of LATER."""

    meaning: Meaning
    text: str
    seconds: float = 0.0


# HALT is for what every message would meet alike: it costs no attempt, so that a code about one message or
# one person would stop everybody for ever. Where that is not sure, it is LATER. 21408, 63013 and 63015 look
# like one message's, and are the account's: a country that it may not write to, a sender that WhatsApp
# restricts, a sandbox where our sender should be. Without a halt everybody's messages would end, one by one.
EVERYBODY_WAITS = 20429
QUARTER, HOURS, DAY = 15 * 60.0, 3 * 3600.0, 24 * 3600.0
CODES: Mapping[int, Rule] = {
    10001: Rule(Meaning.HALT, "the account is not active"),
    11751: Rule(Meaning.PERMANENT, "a file of more than 16 MB, or a picture of more than 5"),
    20003: Rule(Meaning.HALT, "the account or its token is not valid"),
    20005: Rule(Meaning.HALT, "the account is not active"),
    20404: Rule(Meaning.HALT, "the account, or what was asked for, is not known there"),
    20429: Rule(Meaning.NOW, "too many requests"),
    20500: Rule(Meaning.NOW, "a fault at Twilio"),
    20503: Rule(Meaning.NOW, "Twilio is away"),
    21211: Rule(Meaning.PERMANENT, "not a number"),
    21212: Rule(Meaning.HALT, "our own number is not one"),
    21408: Rule(Meaning.HALT, "the account may not write to this country"),
    21602: Rule(Meaning.PERMANENT, "a message without words"),
    21606: Rule(Meaning.HALT, "our number may not send"),
    21603: Rule(Meaning.HALT, "our own number is missing"),
    21604: Rule(Meaning.PERMANENT, "no address"),
    21608: Rule(Meaning.PERMANENT, "a trial account, for which this number is not verified"),
    21610: Rule(Meaning.OPT_OUT, "the person has stopped us"),
    21611: Rule(Meaning.LATER, "our number's queue at Twilio is full", QUARTER),
    21609: Rule(Meaning.HALT, "PUBLIC_URL is no address that Twilio takes"),
    21614: Rule(Meaning.PERMANENT, "no mobile number"),
    21617: Rule(Meaning.PERMANENT, "more than 1,600 characters"),
    21619: Rule(Meaning.PERMANENT, "neither words nor a file"),
    21620: Rule(Meaning.PERMANENT, "the address of the file is not one"),
    21623: Rule(Meaning.PERMANENT, "too many files"),
    21654: Rule(Meaning.PERMANENT, "variables without a ContentSid"),
    21655: Rule(Meaning.TEMPLATE, "an unknown ContentSid"),
    21656: Rule(Meaning.PERMANENT, "ContentVariables that are not taken"),
    21658: Rule(Meaning.PERMANENT, "a variable is too long"),
    21659: Rule(Meaning.HALT, "our number is none of Twilio's"),
    21660: Rule(Meaning.HALT, "our number is not the account's"),
    21910: Rule(Meaning.HALT, "our number and the address are of different channels"),
    30001: Rule(Meaning.NOW, "Twilio's queue is full"),
    30002: Rule(Meaning.HALT, "the account is suspended"),
    30003: Rule(Meaning.LATER, "the phone cannot be reached", QUARTER),
    30008: Rule(Meaning.NOW, "an unknown fault on the way"),
    63001: Rule(Meaning.HALT, "WhatsApp does not know the account"),
    63002: Rule(Meaning.HALT, "WhatsApp does not know our number"),
    63003: Rule(Meaning.PERMANENT, "no such address on WhatsApp"),
    63005: Rule(Meaning.PERMANENT, "content that WhatsApp does not take"),
    63007: Rule(Meaning.HALT, "our number is no sender of WhatsApp"),
    63008: Rule(Meaning.LATER, "the sender is not set up, or an address is none of the channel", QUARTER),
    63010: Rule(Meaning.NOW, "a fault at Twilio"),
    63012: Rule(Meaning.NOW, "a fault at WhatsApp"),
    63013: Rule(Meaning.HALT, "against a policy of WhatsApp"),
    63014: Rule(Meaning.OPT_OUT, "the person has blocked us"),
    63015: Rule(Meaning.HALT, "our number is the sandbox, which the person has not joined"),
    63016: Rule(Meaning.NEEDS_TEMPLATE, "outside the 24 hours"),
    63017: Rule(Meaning.NOW, "over the account's messages of a second"),
    63018: Rule(Meaning.LATER, "over the limit of the sender", QUARTER),
    63019: Rule(Meaning.NOW, "the file could not be fetched from us"),
    63020: Rule(Meaning.HALT, "the business account has to accept Twilio's invitation"),
    63021: Rule(Meaning.PERMANENT, "content that WhatsApp refuses"),
    63022: Rule(Meaning.HALT, "the certificate of the sender's name is not valid"),
    63023: Rule(Meaning.NOW, "a fault of the channel"),
    63024: Rule(Meaning.PERMANENT, "no such recipient"),
    63027: Rule(Meaning.TEMPLATE, "the template does not exist in this language"),
    63028: Rule(Meaning.TEMPLATE, "the template has other variables"),
    63030: Rule(Meaning.PERMANENT, "a parameter that is not known"),
    63031: Rule(Meaning.PERMANENT, "a message to ourselves"),
    63032: Rule(Meaning.LATER, "WhatsApp holds messages to this person back", DAY),
    63038: Rule(Meaning.LATER, "over the account's messages of a day", DAY),
    63040: Rule(Meaning.TEMPLATE, "the template was rejected"),
    63041: Rule(Meaning.LATER, "the template is paused", HOURS),  # three hours the first time, then six
    63042: Rule(Meaning.TEMPLATE, "the template is disabled"),
    63049: Rule(Meaning.LATER, "WhatsApp holds marketing to this person back", DAY),
    63051: Rule(Meaning.HALT, "the business account is locked"),
    90010: Rule(Meaning.HALT, "the account is not active"),
}
# What the row of the outbox says, in the words that it has for every channel.
REASONS: Mapping[Meaning, str] = {
    Meaning.OPT_OUT: "blocked",
    Meaning.PERMANENT: "refused",
    Meaning.NEEDS_TEMPLATE: "window",
    Meaning.TEMPLATE: "template",
    Meaning.LATER: "channel",
    Meaning.NOW: "channel",
    Meaning.HALT: "channel",
}
FAILURES: Mapping[Meaning, Failure] = {
    Meaning.OPT_OUT: Failure.STOP_CONTACT,
    Meaning.PERMANENT: Failure.PERMANENT,
    Meaning.NEEDS_TEMPLATE: Failure.NEEDS_TEMPLATE,
    Meaning.TEMPLATE: Failure.TEMPLATE,
    Meaning.LATER: Failure.LATER,
    Meaning.NOW: Failure.RETRY,
    Meaning.HALT: Failure.HALT_CHANNEL,
}
# The same for status callbacks, by the ErrorCode as it comes; what is not in here was refused.
KINDS: Mapping[Meaning, Kind] = {
    Meaning.OPT_OUT: Kind.BLOCKED,
    Meaning.PERMANENT: Kind.FINAL,
    Meaning.NEEDS_TEMPLATE: Kind.WINDOW,
    Meaning.TEMPLATE: Kind.TEMPLATE,
    Meaning.LATER: Kind.AGAIN,
    Meaning.NOW: Kind.AGAIN,
    Meaning.HALT: Kind.HALT,
}
VERDICTS: Mapping[str, Verdict] = {
    str(code): Verdict(KINDS[rule.meaning], REASONS[rule.meaning], rule.seconds)
    for code, rule in CODES.items()
}
DETAIL_CHARACTERS = 500
SERVER_FAILED, TURNED_AWAY, STILL_BUSY = 500, 503, 504  # from 504 on a gateway did not wait for the server


def rule(code: int, status: int = 400) -> Rule:
    """The rule of a code; one that is not in the table is judged by the HTTP status of the answer.

    429 and 5xx pass, 401 and 403 are about the account, and anything else will not get better by being
    sent again. A status callback has no HTTP status: what it says of an unknown code is PERMANENT.
    """
    if code in CODES:
        return CODES[code]
    if status == 429 or status >= SERVER_FAILED:
        return Rule(Meaning.NOW, "")
    if status in (401, 403):
        return Rule(Meaning.HALT, "")
    return Rule(Meaning.PERMANENT, "")


def meaning(code: int | str) -> Meaning:
    """What the ErrorCode of a status callback means; "" and what is no number are PERMANENT."""
    return rule(_number(code)).meaning


def reason(code: int | str) -> str:
    """The outbox's reason for a message that failed with this code."""
    return REASONS[meaning(code)]


def classify(error: Exception) -> SendError:
    """The `SendError` for what a call of the library raised.

    `maybe_sent` is true where Twilio may have taken the message all the same: no answer, an answer that
    cannot be read, or a 5xx other than 503; up to 503 it has `answered`, and is done with it. Texts hold no
    token: the library puts none into them.
    """
    match error:
        case NotSentError():
            return SendError(Failure.RETRY, str(error))
        case NoAnswerError():
            return SendError(Failure.RETRY, str(error), maybe_sent=True)
        case TooManyError() if error.code in CODES and error.code != EVERYBODY_WAITS:
            return _refused(error.code, 429, error.text)
        case TooManyError():
            kind = Failure.RETRY_AFTER if error.retry_after else Failure.CROWDED
            return SendError(kind, str(error), retry_after=error.retry_after)
        case TwilioRestException():
            return _refused(_number(error.code or 0), error.status, error.msg)
        case TwilioServiceException():
            return _refused(_number(error.code), error.status, error.detail or error.title)
        case TwilioException(args=(str(text), Response() as answer)):  # a list that was refused
            return _refused(0, answer.status_code, text)
        case TwilioException() | ValueError() | TypeError() | KeyError() | AttributeError():
            # An answer of 2xx that the library cannot read: what we asked for has probably happened.
            return SendError(Failure.RETRY, f"invalid answer ({type(error).__name__})", maybe_sent=True)
    return SendError(Failure.PERMANENT, f"unexpected {type(error).__name__}")


def are_variables_refused(error: SendError) -> bool:
    """Whether Twilio did not take the variables of a message, or has its Content no more: it may be said
    without them."""
    return is_a_value_refused(error) or error.detail.startswith("21655 ")


def is_a_value_refused(error: SendError) -> bool:
    """Whether it is what a variable says that Twilio did not take."""
    return error.detail.startswith("21656 ")


def _refused(code: int, status: int, text: str) -> SendError:
    found = rule(code, status)
    said = f"{code or status} {found.text or text}"
    if found.text and text:
        said += f" ({text})"
    return SendError(
        FAILURES[found.meaning],
        said[:DETAIL_CHARACTERS],
        retry_after=found.seconds,
        maybe_sent=status >= SERVER_FAILED and status != TURNED_AWAY,
        answered=SERVER_FAILED <= status < STILL_BUSY,
    )


def _number(code: int | str) -> int:
    text = str(code).strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
