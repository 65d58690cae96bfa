"""What must be true after each step, counted independently: by plain SQL, and by the simulator itself.

The figures here are worked out a second time, from the tables and from what arrived on the phones, and
never with the program's own verbs. Whatever is counted by person is counted on each channel.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from bot.demo import openings, topics
from bot.demo.account import Account
from bot.demo.asking import one, rows
from bot.demo.board import expect, same
from bot.demo.sample import CHANNELS, TELEGRAM, Civil, Sample
from bot.demo.stage import Stage
from bot.demo.topics import Topic


async def roster(stage: Stage) -> None:
    """Everybody of the file is in the roster, in the right OPD, once."""
    found = await rows(
        stage,
        "SELECT o.code, count(*) FROM person p JOIN opd o ON o.id = p.opd_id WHERE p.active GROUP BY o.code",
    )
    same("people by OPD", dict(found), {code: len(of) for code, of in stage.sample.by_opd.items()})


async def joined(stage: Stage, who: Iterable[Civil]) -> None:
    """These people, and no others, take part, each with their own phone and one consent."""
    found = await rows(
        stage,
        "SELECT a.channel, a.address, p.nip, count(c.id) FROM account a JOIN person p ON p.id = a.person_id "
        "JOIN consent c ON c.person_id = p.id AND c.given WHERE p.joined_at IS NOT NULL GROUP BY a.id",
    )
    same("consents of a person", {number for *_, number in found} - {1}, set())
    members = list(who)
    for channel in CHANNELS:
        told = {(address, nip) for on, address, nip, _ in found if on == channel}
        wanted = {(one.address(channel), one.nip) for one in members if channel in one.channels}
        same(f"people who joined on {channel} and should not have", len(told - wanted), 0)
        same(f"people who should have joined on {channel}", len(wanted - told), 0)


async def approved(stage: Stage, week: str, written: int) -> None:
    """All items of the week are approved, each by somebody else than its author."""
    found = await rows(stage, "SELECT status, author_id, decided_by FROM item WHERE week = :week", week=week)
    same("items", Counter(status for status, _, _ in found), Counter(approved=written))
    alone = sum(author == decider or decider is None for _, author, decider in found)
    same("items that nobody else has looked at", alone, 0)


def _markers(topic: Topic, channel: str) -> dict[str, dict[str, str]]:
    """How the card begins, and words that stand in the caption only."""
    begins = topic.title if channel == TELEGRAM else f"*{topic.title}*"  # WhatsApp's marks are text
    return {"card": {"prefix": begins}, "caption": {"contains": f"{topic.what} {topic.why}"[:160]}}


def item_of(sample: Sample) -> dict[str, Topic]:
    """Which item each OPD gets."""
    return {code: topics.TOPICS.get(code, topics.PROVINCIAL) for code in sample.by_opd}


async def delivered(stage: Stage, who: Iterable[Civil], since: int) -> dict[str, int]:
    """By the simulator's count everybody of these has one card and one caption of the right item, on the
    channel where they are written to, and nobody else has any; how many messages that were, by channel."""
    wanted: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    which = item_of(stage.sample)
    for person in who:
        wanted[person.channel, which[person.opd].code].add(person.address(person.channel))
    totals = dict.fromkeys(CHANNELS, 0)
    for channel in CHANNELS:
        for topic in [*topics.TOPICS.values(), topics.PROVINCIAL]:
            for what, words in _markers(topic, channel).items():
                phones = stage.people if channel == TELEGRAM else stage.wa
                found = await phones.deliveries(since=since, **words)
                got, due = found["chats"], wanted[channel, topic.code]
                name = f"{what} of {topics.name(topic)} on {channel}"
                same(f"people without the {name}", len(due - got.keys()), 0)
                same(f"people who should not have the {name}", len(got.keys() - due), 0)
                same(f"people with more than one {name}", sum(number > 1 for number in got.values()), 0)
                totals[channel] += int(found["total"])
    return totals


@dataclass(frozen=True, slots=True)
class Proofs:
    """What the tables say of a week: shares and receipts by chat, and those who only claimed."""

    shares: dict[int, int]
    receipts: dict[int, set[int]]
    claims: set[int]
    files: int
    files_stored: int


async def proofs(stage: Stage, week: str) -> Proofs:
    """Reads the shares of a week with the phones that they came from."""
    found = await rows(
        stage,
        "SELECT p.nip, s.id, s.status FROM share s JOIN person p ON p.id = s.person_id "
        "WHERE s.week = :week AND NOT s.late",
        week=week,
    )
    receipts: defaultdict[int, set[int]] = defaultdict(set)
    claims = set()
    for nip, share, status in found:
        chat = stage.sample.by_nip[nip].chat
        if status == "claimed":
            claims.add(chat)
        elif status in ("received", "accepted"):
            receipts[chat].add(share)
    files, stored = (
        await rows(
            stage,
            "SELECT count(*), count(*) FILTER (WHERE m.status = 'stored') FROM evidence e "
            "JOIN share s ON s.id = e.share_id JOIN media m ON m.id = e.media_id WHERE s.week = :week",
            week=week,
        )
    )[0]
    shares = {chat: len(numbers) for chat, numbers in receipts.items()}
    return Proofs(shares, dict(receipts), claims, files, stored)


async def recorded(stage: Stage, week: str, account: Account) -> Proofs:
    """Every proof that the crowd sent is a share, has its receipt, and its file is in the store."""
    same("people whom nobody answered", len(account.lost), 0)
    same("refused acts", dict(account.refused), {})
    same("unexpected answers", dict(account.odd.most_common(3)), {})
    found = await proofs(stage, week)
    for channel in CHANNELS:
        own = stage.sample.chats(channel)
        shown, told = (
            _differ(found.shares, account.proofs, own),
            _differ(found.receipts, account.receipts, own),
        )
        same(f"people on {channel} with another number of shares than they sent", shown, 0)
        same(f"people on {channel} with other receipts than their shares", told, 0)
        same(f"people on {channel} who only claim", len((found.claims ^ account.claims) & own), 0)
    await _left_alone(stage, account)
    same("files of proofs that are not in the store", found.files - found.files_stored, 0)
    unplaced = await one(
        stage,
        "SELECT count(*) FROM share WHERE week = :week AND platform = '' AND status <> 'claimed'",
        week=week,
    )
    same("shares without a place", unplaced, 0)
    return found


async def judged(stage: Stage, week: str) -> int:
    """How many shares of a week the program has accepted. What it has not waits for a person, each once."""
    accepted, open_, doubted = (
        await rows(
            stage,
            "SELECT count(*) FILTER (WHERE s.status = 'accepted'), "
            "count(*) FILTER (WHERE s.status = 'received'), "
            "count(*) FILTER (WHERE s.status = 'received' AND i.id IS NOT NULL) "
            "FROM share s LEFT JOIN inspection i ON i.share_id = s.id AND i.decided_at IS NULL "
            "WHERE s.week = :week",
            week=week,
        )
    )[0]
    same("shares that neither program nor person looks at", open_ - doubted, 0)
    return int(accepted)


async def _left_alone(stage: Stage, account: Account) -> None:
    """Who wrote that they stop takes no part any more, and heard nothing since."""
    stopped = await rows(stage, "SELECT nip FROM person WHERE joined_at IS NULL AND active")
    out = {stage.sample.by_nip[nip].chat for (nip,) in stopped}
    same("people who wrote that they stop and take part", len(account.stopped - out), 0)
    same("people who were written to after they stopped", dict(account.pestered), {})


def _differ(found: Mapping[int, Any], wanted: Mapping[int, Any], own: Collection[int]) -> int:
    return sum(found.get(chat) != wanted.get(chat) for chat in (found.keys() | wanted.keys()) & set(own))


async def reminded(stage: Stage, week: str, account: Account, nth: int, skip: Collection[int]) -> int:
    """Nobody was reminded who had proved before, or more often than `nth` times; how many now.

    `skip` are the chats that the crowd does not play.
    """
    same("people reminded although they had proved", len(account.proved_before_reminder), 0)
    found = await rows(
        stage,
        "SELECT o.channel, o.address, count(*) FROM outbox o JOIN release r ON r.id = o.release_id "
        "WHERE r.week = :week AND o.part = 'reminder' AND o.status = 'sent' GROUP BY o.channel, o.address",
        week=week,
    )
    whose = stage.sample.by_address
    told = {whose[channel, address].chat: number for channel, address, number in found}
    expect(max(told.values(), default=0) <= nth, f"somebody was reminded {max(told.values())} times")
    phones = {chat: number for chat, number in account.reminders.items() if number}
    wanted = {chat: number for chat, number in told.items() if chat not in skip}
    for channel in CHANNELS:
        other = _differ(phones, wanted, stage.sample.chats(channel))
        same(f"people on {channel} whose phone shows other reminders than the rows", other, 0)
    return await one(stage, "SELECT count(*) FROM outbox WHERE key LIKE :key", key=f"reminder:{week}:{nth}:%")  # type: ignore[no-any-return]


async def figures(stage: Stage, week: str) -> dict[str, Any]:
    """The week's figures as plain SQL finds them."""

    counted = "week = :week AND NOT late AND status IN ('received', 'accepted')"
    whole = (
        "SELECT o.code, count(*) FROM person p JOIN opd o ON o.id = p.opd_id WHERE p.active GROUP BY o.code"
    )
    shown = (
        "SELECT o.code, count(*) FROM opd o JOIN "  # noqa: S608 - no value comes from outside
        f"(SELECT DISTINCT person_id, opd_id FROM share WHERE {counted}) s ON s.opd_id = o.id GROUP BY o.code"
    )
    places = f"SELECT platform, count(*) FROM share WHERE {counted} GROUP BY platform"  # noqa: S608

    def count(session: Session) -> dict[str, Any]:
        people, active, platforms = (
            {row[0]: row[1] for row in session.execute(text(sql), values)}
            for sql, values in ((whole, {}), (shown, {"week": week}), (places, {"week": week}))
        )
        return {
            "roster": sum(people.values()),
            "active": sum(active.values()),
            "by_opd": {code: (number, active.get(code, 0)) for code, number in people.items()},
            "platforms": platforms,
            "shares": sum(platforms.values()),
        }

    return await stage.read(count)


async def nothing_left(stage: Stage) -> None:
    """Every message is handled, every answer sent, every pressed button answered, no limit was broken."""
    stats = await stage.people.stats()
    inbox = dict(await rows(stage, "SELECT status, count(*) FROM inbox GROUP BY status"))
    same("messages not handled", {name: n for name, n in inbox.items() if name != "done"}, {})
    outbox = dict(await rows(stage, "SELECT status, count(*) FROM outbox GROUP BY status"))
    stuck = {name: n for name, n in outbox.items() if name in ("queued", "waiting", "sending")}
    same("messages on their way", stuck, {})
    same("messages of unknown fate", await one(stage, "SELECT coalesce(sum(resent), 0) FROM outbox"), 0)
    await openings.nothing_left(stage)
    same("buttons that wait for an answer", stats["unanswered_callbacks"], 0)
    same("refusals for sending too fast", stats["too_many_requests"], 0)
    same("updates not fetched", stats["pending_updates"], 0)
    silent = {name: n for name, n in stats["errors"].items() if "blocked by the user" not in name}
    same("calls that the simulator refused", silent, {})
