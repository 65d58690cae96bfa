"""What must be true after each step, counted independently: by plain SQL, and by the simulator itself.

The figures here are worked out a second time, from the tables and from what arrived on the phones, and
never with the program's own verbs.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from bot.demo import topics
from bot.demo.board import expect, same
from bot.demo.crowd import Account
from bot.demo.sample import Civil, Sample
from bot.demo.stage import Stage
from bot.demo.topics import Topic

Rows = list[Any]


async def rows(stage: Stage, sql: str, **params: object) -> Rows:
    """What a statement finds in the program's database."""
    return await stage.read(lambda session: list(session.execute(text(sql), params)))


async def one(stage: Stage, sql: str, **params: object) -> Any:
    """The first column of the first row of a statement."""
    return (await rows(stage, sql, **params))[0][0]


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
        "SELECT a.address, p.nip, count(c.id) FROM account a JOIN person p ON p.id = a.person_id "
        "JOIN consent c ON c.person_id = p.id AND c.given WHERE p.joined_at IS NOT NULL GROUP BY a.id",
    )
    same("consents of a person", {number for _, _, number in found} - {1}, set())
    told = {(int(address), nip) for address, nip, _ in found}
    wanted = {(person.chat, person.nip) for person in who}
    same("people who joined and should not have", len(told - wanted), 0)
    same("people who should have joined", len(wanted - told), 0)


async def approved(stage: Stage, week: str, written: int) -> None:
    """All items of the week are approved, each by somebody else than its author."""
    found = await rows(stage, "SELECT status, author_id, decided_by FROM item WHERE week = :week", week=week)
    same("items", Counter(status for status, _, _ in found), Counter(approved=written))
    alone = sum(author == decider or decider is None for _, author, decider in found)
    same("items that nobody else has looked at", alone, 0)


def _markers(topic: Topic) -> tuple[str, str]:
    """Words that stand in the card only, and in the caption only."""
    return topic.title, f"{topic.what} {topic.why}"[:160]


def item_of(sample: Sample) -> dict[str, Topic]:
    """Which item each OPD gets."""
    return {code: topics.TOPICS.get(code, topics.PROVINCIAL) for code in sample.by_opd}


async def delivered(stage: Stage, who: Iterable[Civil], since: int) -> int:
    """By the simulator's count everybody of these has one card and one caption of the right item, and
    nobody else has any; how many messages that were."""
    wanted: defaultdict[str, set[str]] = defaultdict(set)
    which = item_of(stage.sample)
    for person in who:
        wanted[which[person.opd].code].add(str(person.chat))
    total = 0
    for topic in [*topics.TOPICS.values(), topics.PROVINCIAL]:
        for what, words in zip(("card", "caption"), _markers(topic), strict=True):
            found = await stage.people.deliveries(contains=words, since=since)
            got = found["chats"]
            name = f"{what} of {topics.name(topic)}"
            same(f"people without the {name}", len(wanted[topic.code] - got.keys()), 0)
            same(f"people who should not have the {name}", len(got.keys() - wanted[topic.code]), 0)
            same(f"people with more than one {name}", sum(number > 1 for number in got.values()), 0)
            total += int(found["total"])
    return total


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
        "SELECT a.address, s.id, s.status FROM share s JOIN account a ON a.person_id = s.person_id "
        "WHERE s.week = :week AND NOT s.late",
        week=week,
    )
    receipts: defaultdict[int, set[int]] = defaultdict(set)
    claims = set()
    for address, share, status in found:
        if status == "claimed":
            claims.add(int(address))
        elif status in ("received", "accepted"):
            receipts[int(address)].add(share)
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
    same("people with another number of shares than they sent", _differ(found.shares, account.proofs), 0)
    same("people with other receipts than their shares", _differ(found.receipts, account.receipts), 0)
    same("people who only claim", len(found.claims ^ account.claims), 0)
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


def _differ(found: dict[int, Any], wanted: dict[int, Any]) -> int:
    return sum(found.get(chat) != wanted.get(chat) for chat in found.keys() | wanted.keys())


async def reminded(stage: Stage, week: str, account: Account, nth: int, skip: Collection[int]) -> int:
    """Nobody was reminded who had proved before, or more often than `nth` times; how many now.

    `skip` are the chats that the crowd does not play.
    """
    same("people reminded although they had proved", len(account.proved_before_reminder), 0)
    found = await rows(
        stage,
        "SELECT o.address, count(*) FROM outbox o JOIN release r ON r.id = o.release_id "
        "WHERE r.week = :week AND o.part = 'reminder' AND o.status = 'sent' GROUP BY o.address",
        week=week,
    )
    told = {int(address): number for address, number in found}
    expect(max(told.values(), default=0) <= nth, f"somebody was reminded {max(told.values())} times")
    phones = {chat: number for chat, number in account.reminders.items() if number}
    wanted = {chat: number for chat, number in told.items() if chat not in skip}
    same("people whose phone shows other reminders than the rows", _differ(phones, wanted), 0)
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
    same("buttons that wait for an answer", stats["unanswered_callbacks"], 0)
    same("refusals for sending too fast", stats["too_many_requests"], 0)
    same("updates not fetched", stats["pending_updates"], 0)
    silent = {name: n for name, n in stats["errors"].items() if "blocked by the user" not in name}
    same("calls that the simulator refused", silent, {})
