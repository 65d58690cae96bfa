"""The workbook of the Wednesday pack: every figure of a snapshot in tables, and what each of them means."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any, cast
from zoneinfo import ZoneInfo

from bot.reports import headlines, meanings, trend_sheet
from bot.reports.sheets import Book, Column, Plain, Value
from bot.texts import rendering
from models.figures import figures as counted
from models.figures.snapshots import Digest
from models.figures.weekly import WeekFigures
from models.programme import weeks

Row = Sequence[Plain | Value]
_QUALITY = ("accepted", "waiting", "rejected", "claimed", "withdrawn", "late")
_OPD_QUALITY = ("accepted", "waiting", "rejected", "claimed")
_OF_OPD = {"opd": "active", "opd_shares": "shares"}  # what of them a correction changed
_NARROW, _WIDE = 14, 52


def workbook(digest: Digest, before: Digest | None, zone: ZoneInfo) -> bytes:
    """An XLSX of the figures of a snapshot. `before` is the one that it was compared with when it was frozen;
    times are written as the clocks of `zone` show them."""
    figures = cast(WeekFigures, digest.figures)
    footer = rendering.label("book.footer", {"week": digest.week, "version": digest.version})
    book = Book(_word("title"), footer)
    earlier = {**(before.figures if before else {}), "participation": figures["previous"]}
    _add(book, "summary", _summary_columns(), _summary(digest.figures, earlier))
    _add(book, "opd", _opd_columns(), list(_opd(figures)))
    _add(book, "platforms", _platform_columns(), _platforms(figures))
    _add(book, "proofs", _proof_columns(), _proofs(figures))
    trend_sheet.add(book, figures)
    _add(book, "cohorts", _cohort_columns(), list(_cohorts(figures)))
    _add(book, "readiness", _readiness_columns(), list(_readiness(figures)))
    _add(book, "decisions", _decision_columns(), list(_decisions(figures)))
    if figures.get("urgent"):
        _add(book, "urgent", _urgent_columns(), list(_urgent(figures)))
    _add(book, "definitions", _definition_columns(), list(_definitions()))
    _add(book, "about", _about_columns(), list(_about(digest, before, zone)))
    return book.data()


def _add(book: Book, name: str, columns: Sequence[Column], rows: Sequence[Row]) -> None:
    title = _word(f"sheet_{name}")
    nothing: Row = (_word("none"), *(None for _ in columns[1:]))
    book.sheet(title, f"Tabel{title}", columns, rows or [nothing])


def _column(name: str, width: float, form: str = "text", *, bar: bool = False) -> Column:
    return Column(_word(f"column_{name}"), width, form, bar)


def _summary_columns() -> Sequence[Column]:
    return (
        _column("figure", 32), _column("this", 16, ""), _column("last", 16, ""), _column("meaning", 92),
    )  # fmt: skip


def _summary(figures: Mapping[str, Any], earlier: Mapping[str, Any]) -> Sequence[Row]:
    now, then = headlines.of(figures), headlines.of(earlier)
    rows: list[Row] = []
    for figure, value in now.items():
        meant = "forecast" if figure.startswith("forecast") else figure
        name = rendering.label(f"figure.{figure}", {})
        rows.append((name, _known(value), _known(then[figure]), meanings.sentence(meant)))
    return rows


def _known(value: Value) -> Value:
    """A figure that nobody knows is said to be unknown: an empty cell looks forgotten."""
    if value.value is None:
        return Value(_word("unknown"), "text")
    if isinstance(value.value, bool):
        return Value(_word("value_yes" if value.value else "value_no"), "text")
    return value


def _opd_columns() -> Sequence[Column]:
    return (
        _column("code", _NARROW), _column("opd", _WIDE), _column("band", _NARROW),
        _column("roster", 11, "number"), _column("joined", 13, "number"), _column("active", 9, "number"),
        _column("participation", 14, "percent", bar=True), _column("last", 10, "percent"),
        _column("change", 13, "points"), _column("reached", 10), _column("rank", 12, "number"),
        _column("peers", 12, "number"), _column("shares", 11, "number"),
        *(Column(_figure(state), 14, "number") for state in _OPD_QUALITY),
        _column("own", 15), _column("ready", 16),
    )  # fmt: skip


def _opd(figures: WeekFigures) -> Iterator[Row]:
    ranks = counted.ranks(figures["opd"])
    for opd in figures["opd"]:
        rank, peers = ranks[opd["code"]]
        share, before = opd["participation"], opd.get("previous")
        quality: Mapping[str, Any] = opd.get("quality", {})
        yield (
            opd["code"], opd["name"], rendering.label(f"chart.band_{opd['band']}", {}),
            opd["roster"], opd.get("joined"), opd["active"], share, before, meanings.points(share, before),
            _word("reached" if share >= figures["target"] else "not_reached"), rank, peers,
            opd.get("shares"), *(quality.get(state) for state in _OPD_QUALITY),
            _choice(opd.get("own_item"), "own"), _choice(opd.get("ready"), "ready"),
        )  # fmt: skip


def _choice(known: bool | None, name: str) -> str | None:
    return None if known is None else _word(name if known else f"not_{name}")


def _platform_columns() -> Sequence[Column]:
    return (
        _column("platform", 30), _column("shares", 16, "number"), _column("part", 14, "percent", bar=True),
        _column("views", 20, "number"),
    )  # fmt: skip


def _platforms(figures: WeekFigures) -> Sequence[Row]:
    shares = figures["platforms"]
    views = figures.get("reach", {}).get("platforms", {})
    total = sum(shares.values())
    ranked = sorted(shares.items(), key=lambda pair: (-pair[1], pair[0]))
    return [
        (rendering.label(f"platform.{name}", {}), number, number / total if total else 0.0, views.get(name))
        for name, number in ranked
    ]


def _proof_columns() -> Sequence[Column]:
    return _column("state", 32), _column("number", 12, "number"), _column("meaning", 100)


def _proofs(figures: WeekFigures) -> Sequence[Row]:
    known = {"withdrawn": figures.get("proofs", {}).get("withdrawn", 0), **figures.get("quality", {})}
    return [
        (rendering.label(f"figure.{state}", {}), cast(int, known.get(state)), meanings.sentence(state))
        for state in _QUALITY
    ]


def _cohort_columns() -> Sequence[Column]:
    return (
        _column("month", 24, "month"), _column("joined", 16, "number"), _column("active", 16, "number"),
        _column("participation", 16, "percent", bar=True),
    )  # fmt: skip


def _cohorts(figures: WeekFigures) -> Iterator[Row]:
    for cohort in figures.get("cohorts", {}).get("months", []):
        month = date.fromisoformat(f"{cohort['month']}-01") if cohort["month"] else _word("cohort_before")
        people, active = cohort["people"], cohort["active"]
        yield month, people, active, active / people if people else 0.0


def _readiness_columns() -> Sequence[Column]:
    return _column("matter", 40), _column("opd", 70), _column("number", 12, "number")


def _readiness(figures: WeekFigures) -> Iterator[Row]:
    if figures.get("waiting_review"):
        yield _word("matter_waiting"), _word("all_opd"), figures["waiting_review"]
    lists = (
        ("lacking", figures.get("lacking", [])),
        ("team", figures.get("small_teams", [])),
        ("without", figures.get("without_item", [])),
    )
    for matter, names in lists:
        for name in names:
            yield _word(f"matter_{matter}"), name, 1


def _decision_columns() -> Sequence[Column]:
    return (
        _column("id", 10, "number"), _column("decision", 70), _column("who", 30), _column("due", 14, "date"),
        _column("state", 13), _column("late", 10),
    )  # fmt: skip


def _decisions(figures: WeekFigures) -> Iterator[Row]:
    for one in figures.get("decisions", []):
        yield (
            one["id"], one["text"], one["who"], date.fromisoformat(one["due"]),
            _word(f"state_{one['state']}"), _word("value_yes" if one["late"] else "value_no"),
        )  # fmt: skip


def _urgent_columns() -> Sequence[Column]:
    return (
        _column("id", 10, "number"), _column("title", 80), _column("received", 14, "number"),
        _column("shared", 14, "number"),
    )  # fmt: skip


def _urgent(figures: WeekFigures) -> Iterator[Row]:
    for one in figures.get("urgent", []):
        yield one["id"], one["title"], one["received"], one["active"]


def _definition_columns() -> Sequence[Column]:
    return _column("figure", 30), _column("meaning", 92), _column("where", 38), _column("json", 34)


def _definitions() -> Iterator[Row]:
    for meaning in meanings.MEANINGS:
        yield meaning.name, meaning.sentence, meaning.where, ", ".join(meaning.keys)


def _about_columns() -> Sequence[Column]:
    return (
        _column("about", 32),
        _column("content", 80, ""),
        _column("before", 14, ""),
        _column("after", 14, ""),
    )


def _about(digest: Digest, before: Digest | None, zone: ZoneInfo) -> Iterator[Row]:
    local: datetime = digest.at.astimezone(zone)
    compared = _week(before.week) if before else _word("about_first")
    yield _word("about_week"), _week(digest.week), None, None
    yield _word("about_name"), weeks.parse(digest.week), None, None
    yield _word("about_version"), Value(digest.version, "number"), None, None
    yield _word("about_frozen"), Value(local, "moment"), None, None
    yield _word("about_compared"), compared, None, None
    if not digest.changes:
        yield _word("about_changes"), _word("about_first_version"), None, None
    for name, then, now in _changes(digest.changes):
        yield _word("about_changed"), name, *map(_count, (then, now))
    yield _word("about_reach"), meanings.sentence("reach"), None, None
    yield _word("about_again"), _word("about_again_how"), None, None
    yield _word("about_form"), _word("about_form_how"), None, None


def _changes(changes: Mapping[str, Any]) -> Iterator[tuple[str, int | None, int | None]]:
    """What a correction changed (models/digests/differences.py), one by one: of the whole programme, channel
    by channel, and OPD by OPD; of some no more than that they changed."""
    for name, change in changes.items():
        if name == "platforms":
            yield from (
                (f"{_figure(name)}: {rendering.label(f'platform.{one}', {})}", then, now)
                for one, then, now in change
            )
        elif name in _OF_OPD:
            yield from ((f"{_figure(_OF_OPD[name])}: {opd}", then, now) for opd, then, now in change)
        elif name == "opd_other":
            yield from ((f"{_word('about_other')}: {opd}", None, None) for opd in change)
        else:
            yield _figure(name), *change


def _count(number: int | None) -> Value | None:
    return None if number is None else Value(number, "number")


def _figure(name: str) -> str:
    return rendering.label(f"figure.{name}", {})


def _week(week: str) -> str:
    return rendering.label("book.week", {"week": week})


def _word(name: str) -> str:
    return rendering.label(f"book.{name}", {})
