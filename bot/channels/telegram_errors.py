"""What Telegram's refusals mean for us: one table from its errors to `channels.Failure`.

Sources: the Bot API page "Making requests" and "ResponseParameters", PTB's `telegram.error`, and the
descriptions in the source of Telegram's own Bot API server. Descriptions are no promised interface,
so what is not in the table falls to the class's last line, never to "sent".
"""

import os
from dataclasses import dataclass
from datetime import timedelta

from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    EndPointNotFound,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)

from bot.channels import Failure, SendError
from bot.channels.telegram_transport import NotSent, ServerFailedError

# PTB's RetryAfter warns of its own change of type on every use, unless told that we know.
os.environ.setdefault("PTB_TIMEDELTA", "true")


@dataclass(frozen=True, slots=True)
class Rule:
    """`text` is a lower-case part of the description; "" matches every error of the class.

    `done` says that what we asked for is so already, or can no longer matter: no failure at all.
    """

    error: type
    text: str
    failure: Failure
    maybe_sent: bool = False
    done: bool = False


# The first rule that fits counts, so subclasses and longer texts stand above their bases.
RULES: tuple[Rule, ...] = (
    Rule(RetryAfter, "", Failure.RETRY_AFTER),
    Rule(ChatMigrated, "", Failure.MIGRATED),
    Rule(InvalidToken, "", Failure.HALT_CHANNEL),
    Rule(EndPointNotFound, "", Failure.HALT_CHANNEL),
    Rule(Forbidden, "", Failure.STOP_CONTACT),
    # Another poller, or a webhook that is still set: it concerns receiving and passes when that ends.
    Rule(Conflict, "", Failure.RETRY),
    Rule(BadRequest, "message is not modified", Failure.PERMANENT, done=True),
    Rule(BadRequest, "query is too old", Failure.PERMANENT, done=True),
    Rule(BadRequest, "query id is invalid", Failure.PERMANENT, done=True),
    Rule(BadRequest, "message to delete not found", Failure.PERMANENT, done=True),
    Rule(BadRequest, "chat not found", Failure.STOP_CONTACT),
    Rule(BadRequest, "user not found", Failure.STOP_CONTACT),
    Rule(BadRequest, "user is deactivated", Failure.STOP_CONTACT),
    Rule(BadRequest, "group is deactivated", Failure.STOP_CONTACT),
    Rule(BadRequest, "chat was deleted", Failure.STOP_CONTACT),
    Rule(BadRequest, "peer_id_invalid", Failure.STOP_CONTACT),
    Rule(BadRequest, "user_is_blocked", Failure.STOP_CONTACT),
    Rule(BadRequest, "input_user_deactivated", Failure.STOP_CONTACT),
    Rule(BadRequest, "logged out", Failure.HALT_CHANNEL),
    Rule(BadRequest, "", Failure.PERMANENT),
    Rule(NotSent, "", Failure.RETRY),
    Rule(TimedOut, "pool timeout", Failure.RETRY),
    Rule(TimedOut, "", Failure.RETRY, maybe_sent=True),
    # 503 and 429 turn a request away at the door; another 5xx may come after the work was done.
    Rule(NetworkError, "service unavailable", Failure.RETRY),
    Rule(NetworkError, "too many requests", Failure.RETRY),
    Rule(NetworkError, "request entity too large", Failure.PERMANENT),
    Rule(ServerFailedError, "", Failure.RETRY, maybe_sent=True),
    Rule(NetworkError, "", Failure.RETRY, maybe_sent=True),
    # An answer of 200 that is no JSON: whatever we asked for has probably happened.
    Rule(TelegramError, "invalid server response", Failure.RETRY, maybe_sent=True),
    Rule(TelegramError, "", Failure.PERMANENT),
)

DETAIL_CHARACTERS = 500  # of a description that is kept with the row
NO_TEXT_TO_EDIT = "there is no text in the message to edit"
# The id of a file is good for one bot and one kind of media; a foreign one is refused like this.
BAD_FILE_ID = (
    "wrong file identifier",
    "wrong remote file identifier",
    "wrong file_id",
    "file reference",
    "can't use file of type",
)


def classify(error: Exception) -> SendError:
    """The `SendError` for an exception of PTB or of our transport.

    `retry_after` is in seconds, as the server said; `detail` is the server's description and holds no
    token. An exception that is no `TelegramError` is a bug of ours: it comes back as PERMANENT, named
    by its class only.
    """
    rule = _rule(error)
    if rule is None:
        return SendError(Failure.PERMANENT, f"unexpected {type(error).__name__}")
    return SendError(
        rule.failure,
        str(error)[:DETAIL_CHARACTERS],
        retry_after=_seconds(error.retry_after) if isinstance(error, RetryAfter) else 0.0,
        new_address=str(error.new_chat_id) if isinstance(error, ChatMigrated) else "",
        maybe_sent=rule.maybe_sent,
    )


def is_done(error: Exception) -> bool:
    """Whether the refusal means that there is nothing left to do: counts as success."""
    rule = _rule(error)
    return rule is not None and rule.done


def lacks_text(error: Exception) -> bool:
    """Whether an edit failed because the message has a caption instead of a text."""
    return isinstance(error, BadRequest) and NO_TEXT_TO_EDIT in str(error).lower()


def wants_upload(error: Exception) -> bool:
    """Whether a file sent by its id must be uploaded again."""
    text = str(error).lower()
    return isinstance(error, BadRequest) and any(part in text for part in BAD_FILE_ID)


def _rule(error: Exception) -> Rule | None:
    text = str(error).lower()
    return next((rule for rule in RULES if isinstance(error, rule.error) and rule.text in text), None)


def _seconds(wait: float | timedelta) -> float:
    return wait.total_seconds() if isinstance(wait, timedelta) else float(wait)
