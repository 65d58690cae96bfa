"""What is told of copying and of files is true on the channel that somebody is on."""

import json

from bot.reports import exports
from models.messages import inbox
from models.programme import weeks
from tests import scene
from tests.chat import Stage
from tests.hearing import text


def test_how_words_are_copied(stage: Stage) -> None:
    siti = stage.person("Siti Rahma")
    scene.item(stage)
    scene.release(stage)
    heading = siti.presses("Teks untuk kanal lain")[0].text
    tapped = "Ketuk teksnya untuk menyalin, lalu tempel di sana." in heading
    held = "Tekan lama teksnya, pilih Salin, lalu tempel di sana." in heading
    assert (tapped, held) == ((True, False) if stage.line.name == "telegram" else (False, True))


def test_in_which_forms_an_export_comes(stage: Stage) -> None:
    boss = stage.person("Bu Kepala", role="controller")
    boss.says("/ekspor")
    boss.presses("Orang")
    (form,) = boss.presses("Minggu ini")
    telegram = stage.line.name == "telegram"
    assert list(form.actions) == (["Excel", "CSV"] if telegram else ["Excel"])
    (file,) = boss.presses("Excel")
    about = str(file.row.body["report"]).partition(":")[2]
    assert about.endswith(":whatsapp") is not telegram
    with stage.session() as session:
        name = exports.paper(session, about, stage.programme.zone).name
    week = weeks.of(stage.now, stage.programme)
    assert name == f"people-{week}.xlsx"
    heard = boss.presses("CSV", action=f"export.form:people:0:{week}:csv")
    assert ("report" in heard[0].row.body) is telegram
    assert ("WhatsApp tidak dapat membawa berkas CSV" in text(heard)) is not telegram


def test_how_large_a_list_may_be(stage: Stage) -> None:
    admin = stage.person("Admin", role="admin")
    after = admin.says("/roster")[-1].row.id
    failed = inbox.Arrival("failed", admin.address, 10**9, json.dumps({"internal": "roster.failed:1"}))
    with stage.session() as session, session.begin():
        inbox.receive(session, stage.now, stage.line.name, [failed])
    stage.work()
    most = 20 if stage.line.name == "telegram" else 16
    assert f"paling besar {most} MB" in text(admin.hears(after))
