"""The menu, help, and leaving whatever is going on."""

import re

import pytest

from bot.texts import catalogue, rendering
from handlers import menu, routes
from models.messages import conversations
from models.people import people, roles
from models.people.people import Person
from tests.chat import Chatter, Stage
from tests.hearing import text


def _commands(stage: Stage, who: Chatter) -> list[str]:
    with stage.session() as session:
        return [name for name, _ in menu.commands_of(session, session.get_one(Person, who.person_id))]


def test_every_command_of_the_menu_exists_and_needs_what_the_route_table_says() -> None:
    for name, capabilities in menu.ENTRIES:
        needed = routes.COMMANDS[name].capability
        assert not needed or capabilities == (needed,), name
    for name in (*menu.RARE, *menu.OPEN):
        assert routes.COMMANDS[name].capability == "", name
    for name in menu.OPEN:
        assert routes.COMMANDS[name].open, name


def test_every_command_is_in_the_menu_or_of_groups_or_rare() -> None:
    hidden = {name for name, command in routes.COMMANDS.items() if command.group}
    shown = {name for name, _ in (*menu.ENTRIES, *menu.SELDOM)}
    shown |= {*menu.RARE, *menu.OPEN, *menu.WITH_A_NUMBER, "batal"}
    assert set(routes.COMMANDS) - hidden <= shown


def test_every_command_has_a_line_of_60_characters_at_most_and_a_short_label() -> None:
    for name in routes.COMMANDS:
        line = rendering.label(f"command.{name}", {})
        assert 3 <= len(line) <= 60, name
        assert re.fullmatch(r"[a-z0-9_]{1,32}", name)
    for name in [*(name for name, _ in menu.ENTRIES), "bantuan"]:
        assert len(rendering.label(f"menu.go_{name}", {})) <= 16, name
    labels = {key.removeprefix("menu.go_") for key in catalogue.current().texts if key.startswith("menu.go_")}
    assert labels <= set(routes.COMMANDS), "no label without its command"


@pytest.mark.parametrize("role", ["", *roles.ROLES])
def test_the_menu_shows_what_this_person_may_do_and_nothing_else(stage: Stage, role: str) -> None:
    who = stage.person("Siti Rahma", role=role)
    offered = _commands(stage, who)
    with stage.session() as session:
        person = session.get_one(Person, who.person_id)
        for name, capabilities in menu.ENTRIES:
            may = not capabilities or any(roles.may(session, person, needed) for needed in capabilities)
            assert (name in offered) == may, name
    assert "berhenti" in offered


@pytest.mark.parametrize("word", ["/menu", "menu", "Menu!", "0"])
def test_the_menu_is_a_card_with_numbers_and_buttons_in_pairs(stage: Stage, word: str) -> None:
    heard = stage.person("Siti Rahma", role="leader").says(word)
    assert len(heard) == 1
    lines = re.findall(r"^(\d+)\. .+$", heard[0].text, re.MULTILINE)
    assert lines == [str(number + 1) for number in range(len(lines))]
    rows = heard[0].row.body["buttons"]
    assert [button["action"] for row in rows for button in row] == list(heard[0].actions.values())
    assert {len(row) for row in rows[:-1]} == {2}
    assert len(heard[0].actions) == len(lines) <= menu.MOST_LINES


def test_a_number_of_the_menu_does_what_its_line_says(stage: Stage) -> None:
    siti = stage.person("Siti Rahma")
    heard = siti.says("menu")
    number = next(label[0] for label, action in heard[0].actions.items() if action == "command:hematdata")
    assert "Hemat data aktif" in text(siti.says(number))
    assert "Hemat data mati" in text(siti.presses("Hemat data"))


def test_a_long_menu_has_pages(stage: Stage) -> None:
    boss = stage.person("Siti Rahma", role="admin")
    with stage.session() as session, session.begin():
        person = session.get_one(Person, boss.person_id)
        for role in roles.ROLES:
            roles.grant(session, person, role, None, stage.now, by=None)
    pages = [boss.says("menu")[0].actions]
    assert "Lainnya" in pages[0]
    while (page := boss.presses("Lainnya")[0].actions) != pages[0]:
        pages.append(page)
    shown = [action for page in pages for action in page.values() if action.startswith("command:")]
    assert len(shown) == len(set(shown)) == len(menu.ENTRIES) + 1
    assert len(pages) == -(-len(shown) // (menu.MOST_LINES - 1))
    for action in ("menu.page:99", "menu.page:0", "menu.page"):
        assert "Menu Satu Pesan" in text(boss.presses("", action=action))


@pytest.mark.parametrize("payload", ["", "١", "9" * 40, "1:x", "1:editor:x"])
def test_a_forged_payload_is_refused_and_never_a_bug(stage: Stage, payload: str) -> None:
    names = "join. admit. role. team. invite. roster. menu. saver".split()
    who = stage.person("Siti Rahma", role="admin")
    stage.person("Budi", role="admin")
    stage.tables[1] = []
    for action in sorted(routes.BUTTONS):
        if action.startswith(tuple(names)) and action != "join.stop":
            who.presses("", action=f"{action}:{payload}")
    assert "Menu Satu Pesan" in text(who.says("menu"))


def test_a_button_of_the_menu_is_no_way_around_a_capability(stage: Stage) -> None:
    siti = stage.person("Siti Rahma")
    assert "hanya untuk petugas" in text(siti.presses("", action="command:roster"))
    assert "sudah tidak berlaku" in text(siti.presses("", action="command:tidakada"))
    assert "Bagikan nomor saya" in text(stage.stranger().presses("", action="command:menu"))


def test_an_unknown_command_is_answered_with_what_was_probably_meant(stage: Stage) -> None:
    siti = stage.person("Siti Rahma")
    assert "/berhenti" in text(siti.says("/brhenti"))
    said = text(siti.says("/xyzzy"))
    assert "tidak saya kenal" in said
    assert "Mungkin maksud" not in said


def test_batal_says_what_it_left(stage: Stage) -> None:
    siti, editor = stage.person("Siti Rahma"), stage.person("Budi", role="editor")
    assert "Tidak ada yang sedang berjalan" in text(siti.says("batal"))
    siti.says("/berhenti")
    assert "sudah ditinggalkan" in text(siti.says("Batal!"))
    assert "Tidak ada yang sedang berjalan" in text(siti.says("/batal"))
    with stage.session() as session, session.begin():
        conversation = conversations.get(session, "telegram", str(editor.chat), stage.now)
        conversation.state, conversation.data = "submit.title", {"item": 1}
    said = text(editor.says("batal"))
    assert "Konsep Anda tersimpan" in said
    assert "/ajukan" in said


def test_help_names_the_colleagues_to_ask(stage: Stage) -> None:
    siti = stage.person("Siti Rahma")
    assert "Perlu bantuan orang" not in text(siti.says("/bantuan"))
    stage.person("Budi Santoso", role="editor")
    said = text(siti.says("/bantuan"))
    assert "PPID Dinas Kesehatan: Budi Santoso" in said
    assert "/berhenti" in said
    assert "/roster" not in said


def test_help_tells_a_stranger_how_to_join(stage: Stage) -> None:
    said = text(stage.stranger().says("/bantuan"))
    assert "/start" in said
    assert "/konten" not in said


def test_somebody_who_has_not_joined_has_the_default_commands(stage: Stage) -> None:
    siti = stage.person("Siti Rahma", joined=False)
    assert _commands(stage, siti) == [name for name, _ in menu.default_commands()]


def test_the_list_of_a_chat_is_renewed_once_for_one_reason(stage: Stage) -> None:
    siti = stage.person("Siti Rahma")
    with stage.session() as session, session.begin():
        account = people.account(session, "telegram", str(siti.chat))
        assert account is not None
        assert menu.publish(session, stage.now, account, "grant:1")
        assert not menu.publish(session, stage.now, account, "grant:1")
