# ruff: noqa: E501 - a table of addresses is read line by line
"""Other sites are refused whatever they pretend, and nothing but a refusal ever comes out."""

import pytest

from models.refused import Refused
from models.shares import links

# Address, and the host that the refusal names.
FOREIGN = [
    ("https://dinkes.jambiprov.go.id/berita/1", "dinkes.jambiprov.go.id"),
    ("https://bit.ly/3AbCdEf", "bit.ly"),
    ("https://s.id/abc", "s.id"),
    ("https://t.co/AbCdEfGhIj", "t.co"),
    ("https://t.me/dinkesjambi/12", "t.me"),
    ("https://www.linkedin.com/posts/siti_activity-7412345678901234567-AbCd", "www.linkedin.com"),
    ("https://drive.google.com/file/d/1AbC/view", "drive.google.com"),
    ("https://www.google.com/search?q=instagram", "www.google.com"),
    ("https://www.google.com/url?sa=t", "www.google.com"),
    ("https://accounts.google.com/ServiceLogin?continue=https%3A%2F%2Fyoutu.be%2FdQw4w9WgXcQ", "accounts.google.com"),
    ("https://web.archive.org/web/2026/", "web.archive.org"),
    # They show the same post, and belong to somebody else.
    ("https://ddinstagram.com/p/C9aBcDeFgHi/", "ddinstagram.com"),
    ("https://fxtwitter.com/siti/status/1860012345678901234", "fxtwitter.com"),
    ("https://fixupx.com/siti/status/1860012345678901234", "fixupx.com"),
    ("https://vxtiktok.com/@siti/video/7412345678901234567", "vxtiktok.com"),
    ("https://nitter.net/siti/status/1860012345678901234", "nitter.net"),
    ("https://scontent.cdninstagram.com/v/t51/1.jpg", "scontent.cdninstagram.com"),
    # They pretend.
    ("https://instagram.com.contoh.id/p/C9aBcDeFgHi/", "instagram.com.contoh.id"),
    ("https://instagram.com@contoh.id/p/C9aBcDeFgHi/", "contoh.id"),
    ("https://www.instagram.com:abc@contoh.id/p/C9aBcDeFgHi/", "contoh.id"),
    ("https://contoh.id\\@instagram.com/p/C9aBcDeFgHi/", "contoh.id"),
    ("https://contoh.id#@instagram.com/p/C9aBcDeFgHi/", "contoh.id"),
    ("https://contoh.id?@instagram.com/p/C9aBcDeFgHi/", "contoh.id"),
    ("https://notinstagram.com/p/C9aBcDeFgHi/", "notinstagram.com"),
    ("https://instagram.co/p/C9aBcDeFgHi/", "instagram.co"),
    ("https://instagram-com.contoh.id/p/C9aBcDeFgHi/", "instagram-com.contoh.id"),
    ("https://contoh.id/?u=https://www.instagram.com/p/C9aBcDeFgHi/", "contoh.id"),
    ("https://contoh.id/instagram.com/p/C9aBcDeFgHi/", "contoh.id"),
    ("https://www.inst\u0430gram.com/p/C9aBcDeFgHi/", "www.xn--instgram-46g.com"),
    ("https://f\u0430cebook.com/share/p/1AbCdEfGhI/", "xn--fcebook-2fg.com"),
    ("https://\u0445.com/siti/status/1860012345678901234", "xn--u1a.com"),
    ("https://www.instagram.com:8080/p/C9aBcDeFgHi/", "https://www.instagram.com:8080/p/C9aBcDeFgHi/"),
    ("https://www.instagram.com:teks/p/C9aBcDeFgHi/", "https://www.instagram.com:teks/p/C9aBcDeFgHi/"),
    ("http://192.168.0.1/p/C9aBcDeFgHi/", "192.168.0.1"),
    ("javascript:alert(1)", "javascript:alert(1"),
    ("intent://contoh.id/p/1#Intent;end", "intent"),
    ("ftp://instagram.com/p/C9aBcDeFgHi/", "ftp"),
    ("https://[::1/p/x", "https://[::1/p/x"),
    ("https://", "https://"),
]  # fmt: skip


@pytest.mark.parametrize(("written", "host"), FOREIGN)
def test_another_site_is_refused_by_its_true_name(written: str, host: str) -> None:
    with pytest.raises(Refused) as refused:
        links.recognise(written)
    assert (refused.value.key, refused.value.params) == ("sharing.link_foreign", {"host": host})


WRAPPED = "https%3A%2F%2Fwww.instagram.com%2Fp%2FC9aBcDeFgHi%2F"
TWICE = (
    "https%3A%2F%2Fl.instagram.com%2F%3Fu%3Dhttps%253A%252F%252Fwww.instagram.com%252Fp%252FC9aBcDeFgHi%252F"
)
THRICE = f"https%3A%2F%2Fl.facebook.com%2Fl.php%3Fu%3D{TWICE.replace('%', '%25')}"


@pytest.mark.parametrize("inner", [WRAPPED, TWICE])
def test_what_passes_on_is_opened_once_and_twice(inner: str) -> None:
    found = links.recognise(f"https://l.facebook.com/l.php?u={inner}&h=AT1")
    assert found.url == "https://www.instagram.com/p/C9aBcDeFgHi"


def test_what_passes_on_a_third_time_is_no_post() -> None:
    with pytest.raises(Refused) as refused:
        links.recognise(f"https://l.facebook.com/l.php?u={THRICE}&h=AT1")
    assert refused.value.key == "sharing.link_no_post"


def test_what_passes_on_to_another_site_is_refused_by_that_name() -> None:
    with pytest.raises(Refused) as refused:
        links.recognise("https://l.facebook.com/l.php?u=https%3A%2F%2Fcontoh.id%2Fp%2FC9aBcDeFgHi")
    assert refused.value.params == {"host": "contoh.id"}


def test_a_long_address_keeps_its_post_and_one_longer_than_a_message_is_refused() -> None:
    post = "https://www.facebook.com/watch/?v=987654321012399"
    assert links.recognise(f"https://www.facebook.com/watch/?ref={'x' * 3900}&v=987654321012399").url == post
    with pytest.raises(Refused) as refused:
        links.recognise(f"{post}&ref={'x' * 5000}")
    assert refused.value.key == "sharing.link_foreign"
    assert len(refused.value.params["host"]) <= 60
