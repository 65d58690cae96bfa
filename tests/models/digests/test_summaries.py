"""The thirty-second message: how long it can get, what stands first, and who is named in it."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.demo.agencies import AGENCIES
from bot.texts import rendering
from models.digests import summaries
from models.figures import figures as counted
from models.figures.weekly import OpdFigures, WeekFigures

MOST = 81  # words; read aloud at 160 a minute, as the news are, that is thirty seconds
# Nothing of four words is cut, and of what is longer less is left.
LONGEST = [agency.name for agency in AGENCIES if len(agency.name.split()) == summaries.NAME_WORDS][:6]


def opd(name: str, participation: float, roster: int = 600) -> OpdFigures:
    active = round(participation * roster)
    return {
        "code": name.upper(),
        "name": name,
        "roster": roster,
        "active": active,
        "participation": counted.share(active, roster),
        "band": counted.band(roster),
    }


def decision(*, late: bool, text: str = "Menambah satu editor untuk tim PPID") -> dict[str, Any]:
    due = "2026-11-27" if late else "2026-12-16"
    return {"state": "open", "late": late, "who": "Sekretaris Dinas Kesehatan", "text": text, "due": due}


def fullest(**more: Any) -> WeekFigures:
    """A week of which there is something to say everywhere: long names, an alarm, and all that can wait."""
    names = iter(LONGEST)
    ranked = [opd(next(names), 0.9 - n / 100, roster) for n, roster in enumerate((600, 200, 50))]
    ranked += [opd(next(names), 0.2 - n / 100) for n in range(3)]
    found: dict[str, Any] = {
        "week": "2026-W48",
        "roster": 15000,
        "active": 5580,
        "participation": 0.372,
        "previous": 0.393,
        "target": 0.5,
        "target_date": "2027-02-25",
        "opd": ranked,
        "ready": 38,
        "agencies": 43,
        "lacking": [f"Dinas {n}" for n in range(5)],
        "waiting_review": 13,
        "small_teams": [f"Dinas {n}" for n in range(12)],
        "goal": {"falling": True},
        "decisions": [*[decision(late=True)] * 4, *[decision(late=False)] * 7],
        **more,
    }
    return found  # type: ignore[return-value]


def read(figures: WeekFigures, **how: Any) -> str:
    """The message as somebody reads it."""
    return rendering.render("digest.summary", summaries.summary(figures, **how), markup="plain")


def words(text: str) -> int:
    """A number in digits is one word; a bullet, a dash or a sign is none."""
    return sum(any(char.isalnum() for char in word) for word in text.split())


@pytest.mark.parametrize("how", [{"late": True}, {"version": 3}, {"running": True}])
@pytest.mark.parametrize("week", ["2026-W48", "2026-W53"])
def test_the_fullest_message_is_read_in_thirty_seconds(week: str, how: dict[str, Any]) -> None:
    text = read(fullest(week=week), **how)
    assert words(text) == MOST, "it is the fullest: nothing can be added to it"


def test_the_fullest_message_says_all_of_this_and_in_this_order() -> None:
    assert read(fullest(), version=2) == (
        "37,2% ASN sudah berbagi\n5.580 dari 15.000, turun 2,1 poin\n"
        "Target 50% pada 25 Februari 2027\n"
        "Minggu 48 (25 Nov – 2 Des)\n"
        "⚠️ Trennya menurun: mohon dibahas.\n"
        "Versi 2, sudah dikoreksi.\n\n"
        "Perlu dibantu\n"
        "• Dinas Kepemudaan dan Olahraga: 18%\n"
        "• Dinas Komunikasi dan Informatika: 19%\n"
        "• Dinas Kebudayaan dan Pariwisata: 20%\n\n"
        "Siaran 2 Des: 38 dari 43 OPD siap\n\n"
        "Perlu diputuskan\n"
        "• 13 konten menunggu diperiksa\n"
        "• 12 tim PPID kurang orang\n"
        "• 11 keputusan berjalan, 4 terlambat\n"
        "– ⚠️ Sekretaris Dinas Kesehatan, 27 Nov\n"
        "– ⚠️ Sekretaris Dinas Kesehatan, 27 Nov"
    )


@pytest.mark.parametrize(
    ("found", "said"),
    [
        ([decision(late=True)], "• 1 keputusan lewat tenggat\n– ⚠️ Sekretaris Dinas Kesehatan, 27 Nov"),
        ([decision(late=False)], "• 1 keputusan berjalan\n– Sekretaris Dinas Kesehatan, 16 Des"),
        (
            [decision(late=True), decision(late=False, text="Rapat ulang")],
            "• 2 keputusan berjalan, 1 terlambat\n"
            "– ⚠️ Sekretaris Dinas Kesehatan, 27 Nov: Menambah satu editor…\n"
            "– Sekretaris Dinas Kesehatan, 16 Des: Rapat ulang",
        ),
    ],
)
def test_what_was_decided_comes_back_until_it_is_done(found: list[dict[str, Any]], said: str) -> None:
    done = {**decision(late=False), "state": "done", "who": "Sudah Selesai"}
    text = read(fullest(decisions=[*found, done], goal={"falling": False}, waiting_review=0))
    assert said in text
    assert "Sudah Selesai" not in text


def test_a_quiet_first_week_leaves_out_what_there_is_nothing_to_say_of() -> None:
    quiet = fullest(
        previous=None, opd=[opd("Dinas Kesehatan", 0.7)], lacking=[], ready=43, waiting_review=0,
        small_teams=[], decisions=[], goal={"falling": False},
    )  # fmt: skip
    assert read(quiet) == (
        "37,2% ASN sudah berbagi\n5.580 dari 15.000\n"
        "Target 50% pada 25 Februari 2027\n"
        "Minggu 48 (25 Nov – 2 Des)\n\n"
        "Terbaik di kelompok ukurannya\n"
        "• Dinas Kesehatan: 70%\n\n"
        "Siaran 2 Des: 43 dari 43 OPD siap"
    )
    labels = [rendering.label(one.text, one.params) for row in summaries.buttons(quiet) for one in row]
    assert labels == ["Lihat per OPD", "Angka lainnya", "Keputusan"]


def test_the_best_of_each_size_is_named_even_where_that_of_another_needs_help() -> None:
    only_big = [opd("Dinas Kecil", 0.9, 40), opd("Dinas Sedang", 0.8, 300), opd("Dinas Besar", 0.2, 900)]
    text = read(fullest(opd=only_big))
    assert "Terbaik di kelompok ukurannya\n• Dinas Sedang: 80%\n• Dinas Kecil: 90%" in text
    assert "Perlu dibantu\n• Dinas Besar: 20%" in text


def test_who_shares_the_first_place_is_counted_beside_the_one_that_is_named() -> None:
    shares = {"Biro Hukum": 0.9, "Biro Umum": 0.9, "Sekretariat DPRD": 0.9, "Inspektorat Daerah": 0.6}
    small = [opd(name, share, 40) for name, share in shares.items()]
    text = read(fullest(opd=[*small, opd("Dinas Sosial", 0.8, 300)], decisions=[]))
    assert "• Dinas Sosial: 80%\n• Biro Hukum dan 2 OPD lain: 90%\n\n" in text


@st.composite
def weeks_(draw: st.DrawFn) -> WeekFigures:
    names = draw(st.lists(st.sampled_from([one.name for one in AGENCIES]), max_size=12, unique=True))
    shares = st.floats(0, 1).map(lambda share: round(share, 3)) | st.sampled_from([0.6, 1.0])
    ranked = [opd(name, draw(shares), draw(st.sampled_from([40, 300, 900]))) for name in names]
    ranked.sort(key=lambda one: (-one["participation"], one["name"]))
    some = st.integers(0, 43)
    return fullest(
        opd=ranked,
        participation=draw(shares),
        previous=draw(st.none() | shares),
        waiting_review=draw(some),
        small_teams=["Dinas"] * draw(some),
        lacking=["Dinas"] * draw(some),
        goal={"falling": draw(st.booleans())},
        decisions=draw(st.lists(st.booleans().map(lambda late: decision(late=late)), max_size=4)),
    )


@given(weeks_(), st.sampled_from([{}, {"late": True}, {"version": 2}, {"running": True}]))
def test_no_week_takes_longer_to_read(figures: WeekFigures, how: dict[str, Any]) -> None:
    assert words(read(figures, **how)) <= MOST


@given(weeks_())
def test_who_is_furthest_from_the_target_is_always_named_and_never_as_an_example(
    figures: WeekFigures,
) -> None:
    said = summaries.summary(figures)
    best, helped = (
        [line["params"] for line in said[name]["params"]["lines"]] if said[name] else []
        for name in ("best", "weakest")
    )
    below = sorted(one["participation"] for one in figures["opd"] if one["participation"] < figures["target"])
    assert [one["participation"] for one in helped] == below[:3]
    assert not {one["name"] for one in best} & {one["name"] for one in helped}
    assert all(one["participation"] > 0 for one in best)


def test_of_those_equally_far_the_one_with_most_people_missing_is_named_first_then_by_name() -> None:
    rosters = {"Biro Hukum": 40, "Biro Umum": 40, "Dinas Sosial": 300, "Inspektorat Daerah": 30}
    level = [opd(name, 0.2, roster) for name, roster in sorted(rosters.items())]
    named = [one["name"] for one in summaries.weakest([*level, opd("Dinas A", 0.1, 10)], 0.5)]
    assert named == ["Dinas A", "Dinas Sosial", "Biro Hukum"]


def test_the_best_give_way_to_what_was_decided() -> None:
    assert "Terbaik" not in read(fullest())
    assert "Terbaik di kelompok ukurannya\n• Satuan Polisi Pamong Praja: 90%\n" in read(fullest(decisions=[]))


def test_with_short_names_the_best_of_every_size_is_named_the_big_ones_first() -> None:
    ranked = [opd("Biro Hukum", 0.95, 60), opd("Dinas Sosial", 0.9, 300), opd("Dinas Kesehatan", 0.8, 900)]
    text = read(fullest(opd=[*ranked, opd("Dinas A", 0.2), opd("Dinas B", 0.1)], decisions=[]))
    assert "ukurannya\n• Dinas Kesehatan: 80%\n• Dinas Sosial: 90%\n• Biro Hukum: 95%\n\nPerlu" in text


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Satuan Polisi Pamong Praja", "Satuan Polisi Pamong Praja"),
        ("RSJD Kolonel H. M. Syukur", "RSJD Kolonel…"),
        ("Dinas Tanaman Pangan, Hortikultura dan Peternakan", "Dinas Tanaman Pangan, Hortikultura…"),
        ("Badan Pengelolaan Keuangan dan Pendapatan Daerah", "Badan Pengelolaan Keuangan…"),
    ],
)
def test_a_long_name_ends_after_a_word_that_says_something(name: str, said: str) -> None:
    assert summaries.short_name(name) == said
