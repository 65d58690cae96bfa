"""Twilio's error codes: those that a request is refused with, and those that come by callback.

Source of codes and meanings: https://www.twilio.com/docs/api/errors/<code>.
"""

from collections.abc import Mapping

MORE = "https://www.twilio.com/docs/errors/"

# Refusals of a request; `{}` is what was wrong.
WORDS: Mapping[int, str] = {
    20001: "{}",
    20003: "Authenticate",
    20004: "Method not allowed",
    20007: "Page size too large: {}",
    20009: "Cannot delete message because delivery has not been completed.",
    20404: "The requested resource {} was not found",
    20429: "Too Many Requests",
    20500: "An internal server error has occurred",
    21211: "Invalid 'To' Phone Number: {}",
    21603: "A 'From' phone number is required.",
    21604: "A 'To' phone number is required.",
    21609: "The StatusCallback URL {} is not a valid URL.",
    21611: "This 'From' number {} has exceeded the maximum number of queued messages.",
    21617: "The concatenated message body exceeds the 1600 character limit",
    21619: "A text message body or media urls must be specified.",
    21620: "Media urls: {} are invalid. Please use only valid http and https urls",
    21623: "Number of media files exceeds allowed limit",
    21654: "A ContentSid must be specified if ContentVariables are provided in the request.",
    21655: "The ContentSid {} is invalid.",
    21656: "The Content Variables parameter is invalid.",
    21910: "Twilio could not send this message: 'From' and 'To' must be of the same channel",
    63007: "Twilio could not find a Channel with the specified From address",
}
_STATUS: Mapping[int, int] = {
    20003: 401, 20004: 405, 20009: 409, 20404: 404, 20429: 429, 20500: 500, 21611: 429,
}  # fmt: skip

# What a message fails with once it was accepted.
FAILURES: Mapping[int, str] = {
    11751: "Media Message - Media exceeds messaging provider size limit",
    30008: "Unknown error",
    63005: "Channel did not accept given content. Please see Channel specific error message",
    63014: "Channel message blocked by user action",
    63016: "Failed to send freeform message because you are outside the allowed window. "
           "If you are using WhatsApp, please use a Message Template.",
    63018: "Rate limit exceeded for Channel",
    63019: "Media failed to download",
    63021: "Channel invalid content error",
    63024: "Invalid message recipient",
    63028: "Number of parameters provided does not match the expected number of parameters",
    63032: "User has been restricted by WhatsApp from receiving this message",
    63041: "Template is paused",
    63042: "Template is disabled",
    63049: "Meta chose not to deliver this WhatsApp marketing message",
}  # fmt: skip
# WhatsApp took these and then did not deliver; everything else failed before it left Twilio.
UNDELIVERED = frozenset({63014, 63024, 63032, 63049})


class Refused(Exception):  # noqa: N818 - it is what Twilio does, no error of ours
    """A request is answered with an error code of `WORDS`; `status` is the HTTP status."""

    def __init__(self, code: int, what: str = "") -> None:
        self.code = code
        self.status = _STATUS.get(code, 400)
        self.message = WORDS[code].format(what)
        super().__init__(f"{code} {self.message}")

    def body(self) -> dict[str, object]:
        return {
            "code": self.code,
            "message": self.message,
            "more_info": f"{MORE}{self.code}",
            "status": self.status,
        }
