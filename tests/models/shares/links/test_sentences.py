"""The sentences about links: each example is a link of its platform that we take."""

import pytest

from bot.texts import catalogue, rendering
from models.refused import Refused
from models.shares import links

TEXTS = catalogue.current().texts

EXAMPLES = {
    "instagram": "instagram_feed",
    "facebook": "facebook",
    "tiktok": "tiktok",
    "x": "x",
    "youtube": "youtube",
    "threads": "threads",
    "whatsapp": "whatsapp_channel",
}


@pytest.mark.parametrize(("platform", "place"), EXAMPLES.items())
def test_each_example_is_one_link_of_its_platform(platform: str, place: str) -> None:
    (written,) = links.find(TEXTS[f"sharing.example_{platform}"])
    assert links.recognise(written).platform == place


def test_the_example_for_another_site_is_a_post() -> None:
    (written,) = links.find(TEXTS["sharing.link_foreign"].replace("{host}", ""))
    assert links.recognise(written).platform == "instagram_feed"


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("https://www.instagram.com/siti.r/", "menuju ke sebuah profil atau saluran, belum ke unggahannya"),
        ("https://www.facebook.com/login.php", "menuju ke halaman masuk"),
        ("https://www.facebook.com/groups/warga/", "menuju ke sebuah grup"),
        ("https://x.com/search?q=jambi", "menuju ke halaman pencarian"),
        ("https://www.tiktok.com/", "menuju ke halaman depan"),
        ("fb://photo/1", "hanya dapat dibuka di dalam aplikasi"),
        ("https://www.youtube.com/playlist?list=PL1", "belum menuju ke sebuah unggahan"),
    ],
)
def test_the_refusal_says_what_the_link_is_and_what_to_do(written: str, said: str) -> None:
    with pytest.raises(Refused) as refused:
        links.recognise(written)
    text = rendering.render(refused.value.key, refused.value.params, markup="html")
    assert said in text
    assert "Salin tautan" in text
    assert "tangkapan layar" in text
