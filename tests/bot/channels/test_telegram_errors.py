"""What the server refuses with, and what that means for the row."""

import pytest
from aiohttp import web
from telegram.error import RetryAfter, TelegramError, TimedOut

from bot.channels import Failure, Outgoing, OutgoingMedia, SendError
from bot.channels import telegram_errors as errors
from tests.bot.channels.telegram_server import TOKEN, channel, ok, refusal, serving

SAY = Outgoing("send", "5", "a")

REFUSALS: list[tuple[int, str, Failure]] = [
    (400, "Bad Request: chat not found", Failure.STOP_CONTACT),
    (400, "Bad Request: private chat not found", Failure.STOP_CONTACT),
    (400, "Bad Request: user is deactivated", Failure.STOP_CONTACT),
    (400, "Bad Request: PEER_ID_INVALID", Failure.STOP_CONTACT),
    (400, "Bad Request: USER_IS_BLOCKED", Failure.STOP_CONTACT),
    (403, "Forbidden: bot was blocked by the user", Failure.STOP_CONTACT),
    (403, "Forbidden: user is deactivated", Failure.STOP_CONTACT),
    (403, "Forbidden: bot can't initiate conversation with a user", Failure.STOP_CONTACT),
    (403, "Forbidden: bot can't send messages to bots", Failure.STOP_CONTACT),
    (403, "Forbidden: bot was kicked from the supergroup chat", Failure.STOP_CONTACT),
    (403, "Forbidden: bot is not a member of the supergroup chat", Failure.STOP_CONTACT),
    (403, "Forbidden: the group chat was deleted", Failure.STOP_CONTACT),
    (400, "Bad Request: message text is empty", Failure.PERMANENT),
    (400, "Bad Request: message is too long", Failure.PERMANENT),
    (400, "Bad Request: can't parse entities: Unsupported start tag", Failure.PERMANENT),
    (400, "Bad Request: BUTTON_DATA_INVALID", Failure.PERMANENT),
    (400, "Bad Request: wrong file identifier/HTTP URL specified", Failure.PERMANENT),
    (400, "Bad Request: not enough rights to send text messages to the chat", Failure.PERMANENT),
    (400, "Bad Request: something new", Failure.PERMANENT),
    (413, "Request Entity Too Large", Failure.PERMANENT),
    (400, "Bad Request: Logged out", Failure.HALT_CHANNEL),
    (401, "Unauthorized", Failure.HALT_CHANNEL),
    (404, "Not Found", Failure.HALT_CHANNEL),
    (409, "Conflict: terminated by other getUpdates request", Failure.RETRY),
    (429, "Too Many Requests: retry later", Failure.RETRY),
    (429, "", Failure.RETRY),
]
BROKEN_SERVERS = [(500, True), (502, True), (503, False), (504, True), (520, True)]


async def refused(*answers: web.Response, message: Outgoing = SAY) -> SendError:
    async with serving(*answers) as server, channel(server) as telegram:
        with pytest.raises(SendError) as caught:
            await telegram.send(message)
    assert TOKEN not in f"{caught.value} {caught.value.detail}"
    return caught.value


@pytest.mark.anyio
@pytest.mark.parametrize(("code", "description", "kind"), REFUSALS)
async def test_a_refusal_means_this(code: int, description: str, kind: Failure) -> None:
    error = await refused(refusal(code, description))
    assert error.kind is kind
    assert not error.maybe_sent
    assert error.retry_after == 0


@pytest.mark.anyio
async def test_retry_after_is_for_all_and_in_seconds() -> None:
    error = await refused(refusal(429, "Too Many Requests: retry after 35", retry_after=35))
    assert (error.kind, error.retry_after, error.maybe_sent) == (Failure.RETRY_AFTER, 35.0, False)


@pytest.mark.anyio
async def test_a_group_that_moved_tells_its_new_address() -> None:
    said = "Bad Request: group chat was upgraded to a supergroup chat"
    error = await refused(refusal(400, said, migrate_to_chat_id=-1001234))
    assert (error.kind, error.new_address) == (Failure.MIGRATED, "-1001234")


@pytest.mark.anyio
@pytest.mark.parametrize(("code", "maybe_sent"), BROKEN_SERVERS)
@pytest.mark.parametrize("html", [False, True])
async def test_a_broken_server_may_have_sent(code: int, maybe_sent: bool, html: bool) -> None:
    page = web.Response(status=code, text="<html>nginx</html>", content_type="text/html")
    error = await refused(page if html else refusal(code, "Internal Server Error"))
    assert (error.kind, error.maybe_sent) == (Failure.RETRY, maybe_sent)


@pytest.mark.anyio
@pytest.mark.parametrize("text", ["<html>", '{"ok": true}', "[]", ""])
async def test_an_answer_of_nonsense_may_be_a_message_that_went_out(text: str) -> None:
    error = await refused(web.Response(text=text))
    assert (error.kind, error.maybe_sent) == (Failure.RETRY, True)


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("message", "description"),
    [
        (
            Outgoing("edit", "5", "a", target="1"),
            "Bad Request: message is not modified: specified new message content and reply markup are "
            "exactly the same as a current content and reply markup of the message",
        ),
        (Outgoing("edit", "5", target="1"), "Bad Request: message is not modified"),
        (
            Outgoing("edit", "5", "a", target="1", media=OutgoingMedia("photo", "x")),
            "Bad Request: message is not modified",
        ),
        (
            Outgoing("answer", "5", target="1"),
            "Bad Request: query is too old and response timeout expired or query ID is invalid",
        ),
        (Outgoing("delete", "5", target="1"), "Bad Request: message to delete not found"),
    ],
)
async def test_what_is_so_already_counts_as_done(message: Outgoing, description: str) -> None:
    async with serving(refusal(400, description)) as server, channel(server) as telegram:
        await telegram.send(message)


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("message", "description"),
    [
        (Outgoing("edit", "5", "a", target="1"), "Bad Request: message to edit not found"),
        (Outgoing("edit", "5", "a", target="1"), "Bad Request: message can't be edited"),
        (Outgoing("delete", "5", target="1"), "Bad Request: message can't be deleted for everyone"),
    ],
)
async def test_what_can_no_longer_be_changed_is_permanent(message: Outgoing, description: str) -> None:
    assert (await refused(refusal(400, description), message=message)).kind is Failure.PERMANENT


@pytest.mark.anyio
async def test_a_second_poller_gets_409() -> None:
    said = "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
    async with serving(refusal(409, said)) as server, channel(server) as telegram:
        with pytest.raises(SendError, match="other getUpdates") as caught:
            await telegram.updates(1, 0)
    assert caught.value.kind is Failure.RETRY


@pytest.mark.anyio
async def test_a_refused_id_is_not_uploaded_when_there_is_no_file() -> None:
    said = "Bad Request: wrong file identifier/HTTP URL specified"
    message = Outgoing("send", "5", media=OutgoingMedia("photo", "x"))
    assert (await refused(refusal(400, said), ok(True), message=message)).kind is Failure.PERMANENT


@pytest.mark.parametrize(
    ("error", "kind", "maybe_sent"),
    [
        (TimedOut(), Failure.RETRY, True),
        (
            TimedOut("Pool timeout: All connections in the connection pool are occupied."),
            Failure.RETRY,
            False,
        ),
        (RetryAfter(3), Failure.RETRY_AFTER, False),
        (TelegramError("of a new class"), Failure.PERMANENT, False),
        (ZeroDivisionError("ours"), Failure.PERMANENT, False),
    ],
)
def test_other_exceptions_are_classified_too(error: Exception, kind: Failure, maybe_sent: bool) -> None:
    found = errors.classify(error)
    assert (found.kind, found.maybe_sent) == (kind, maybe_sent)


def test_every_rule_can_be_reached() -> None:
    for at, rule in enumerate(errors.RULES):
        for above in errors.RULES[:at]:
            assert not (issubclass(rule.error, above.error) and above.text in rule.text), (above, rule)
