"""What must be true of WhatsApp beside `checks`: who was asked to open what waits, by which template, at
which price, and that Twilio has nothing left for us."""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from bot.demo.asking import one, rows
from bot.demo.board import number, same
from bot.demo.sample import WHATSAPP, Civil
from bot.demo.stage import Stage

# Words that stand in one opener and in no other.
WORDS = {"konten": "Konten minggu ini, yang Anda setujui", "pengingat": "Bukti berbagi konten minggu ini"}
ARRIVED = ("delivered", "read")


async def asked(stage: Stage, template: str, since: int) -> Counter[str]:
    """By the simulator's count nobody got an opener twice since a seq, and whoever got one has a row; who
    did, by address."""
    found = (await stage.wa.deliveries(contains=WORDS[template], since=since))["chats"]
    same(f"people asked twice by “{template}”", [who for who, times in found.items() if times > 1], [])
    stated = await rows(
        stage,
        "SELECT address, count(*) FROM outbox WHERE part = 'opener' AND target = :template "
        "AND status = 'sent' GROUP BY address",
        template=template,
    )
    sent = {address for address, _ in stated}
    same(f"people with “{template}” and without a row", len(found.keys() - sent), 0)
    return Counter(found)


async def asked_of(stage: Stage, who: Iterable[Civil], since: int) -> int:
    """Of these people exactly those on WhatsApp were asked to open the content; how many."""
    wanted = {person.phone for person in who if person.channel == WHATSAPP}
    found = await asked(stage, "konten", since)
    same("people on WhatsApp who were not asked", len(wanted - found.keys()), 0)
    same("people on WhatsApp who should not have been asked", len(found.keys() - wanted), 0)
    return len(found)


async def cards(stage: Stage, opened: Collection[int], wanted: Collection[int]) -> None:
    """Of the people on WhatsApp whom content waits for (`wanted`) those who opened it have it."""
    found = await rows(
        stage,
        "SELECT address, status FROM outbox WHERE part = 'card' AND channel = :channel "
        "AND status IN ('sent', 'waiting')",
        channel=WHATSAPP,
    )
    whose = stage.sample.by_address
    states = {whose[WHATSAPP, address].chat: status for address, status in found}
    due = {chat: "sent" if chat in opened else "waiting" for chat in wanted}
    same("people on WhatsApp whose card is in another state", sum(states.get(c) != due[c] for c in due), 0)


async def nothing_left(stage: Stage) -> None:
    """Every message of Twilio's was taken, every report has come, and whatever it took of us has arrived."""
    stats = await stage.wa.stats()
    for what in ("queued", "pending_inbound", "pending_callbacks"):
        same(f"{what} at Twilio", stats[what], 0)
    lost = {name: times for name, times in stats["calls"].items() if name.endswith("lost")}
    same("what Twilio could not bring", lost, {})
    same("calls that Twilio refused", stats["errors"], {})
    same("calls that the simulator does not play", stats["not_played"], {})
    states = "SELECT delivery, count(*) FROM outbox WHERE channel = 'whatsapp' AND external_id <> '' "
    found = dict(await rows(stage, states + "AND status = 'sent' GROUP BY delivery"))
    same("WhatsApp messages that have not arrived", {k: n for k, n in found.items() if k not in ARRIVED}, {})
    why = (
        "SELECT reason, count(*) FROM outbox WHERE channel = 'whatsapp' AND status = 'failed' GROUP BY reason"
    )
    failed = dict(await rows(stage, why))
    same("WhatsApp messages that failed otherwise than by a block", failed.keys() - {"blocked"}, set())


@dataclass(frozen=True, slots=True)
class Bill:
    """Openers that were sent, by template with its category, and what they cost in rupiah."""

    sent: dict[tuple[str, str], int]
    rupiah: int

    def __str__(self) -> str:
        parts = (f"{number(times)} {name} ({category})" for (name, category), times in self.sent.items())
        return ", ".join(parts) or "none"


async def bill(stage: Stage) -> Bill:
    """What the week cost on WhatsApp, counted from the rows and once more at Twilio."""
    found = await rows(
        stage,
        "SELECT o.target, t.category, count(*) FROM outbox o JOIN template t ON t.name = o.target "
        "WHERE o.part = 'opener' AND o.status = 'sent' GROUP BY o.target, t.category ORDER BY 3 DESC",
    )
    sent = {(name, category): times for name, category, times in found}
    same("openers that Twilio sent", (await stage.wa.stats())["paid"], sum(sent.values()))
    prices = stage.programme.whatsapp.prices
    return Bill(sent, sum(prices.of(category) * times for (_, category), times in sent.items()))


async def expired(stage: Stage) -> int:
    """How many people never opened what waited for them until the week was closed."""
    return int(
        await one(
            stage,
            "SELECT count(*) FROM outbox WHERE part = 'card' AND status = 'expired' AND reason = 'window'",
        )
    )
