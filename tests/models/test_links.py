# ruff: noqa: E501 - a table of addresses is read line by line
"""Links to posts: every way of writing the same post gives one form, and what is no post is refused."""

from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models import links, proofs
from models.links import Link
from models.refused import Refused

POST = "https://www.instagram.com/p/C9aBcDeFgHi"
CLIP = "https://www.youtube.com/watch?v=dQw4w9WgXcQ"
CHIRP = "https://x.com/i/status/1860012345678901234"
FB = "https://www.facebook.com"

# What people send → platform, normal form. Shapes as the apps' "copy link" and browsers make them.
SHAPES = [
    ("https://www.instagram.com/p/C9aBcDeFgHi/", "instagram_feed", POST),
    ("https://www.instagram.com/p/C9aBcDeFgHi/?igsh=MXY3dzRkbw==", "instagram_feed", POST),
    ("http://instagram.com/p/C9aBcDeFgHi", "instagram_feed", POST),
    ("instagram.com/p/C9aBcDeFgHi", "instagram_feed", POST),
    ("www.instagram.com/p/C9aBcDeFgHi/?img_index=2", "instagram_feed", POST),
    ("https://m.instagram.com/p/C9aBcDeFgHi/", "instagram_feed", POST),
    ("https://instagr.am/p/C9aBcDeFgHi/", "instagram_feed", POST),
    ("https://www.instagram.com/dinkes.jambi/p/C9aBcDeFgHi/", "instagram_feed", POST),
    ("https://www.instagram.com/reel/C9aBcDeFgHi/?utm_source=ig_web_copy_link", "instagram_feed", POST),
    ("https://www.instagram.com/reels/C9aBcDeFgHi/", "instagram_feed", POST),
    ("https://www.instagram.com/siti_r/reel/C9aBcDeFgHi/", "instagram_feed", POST),
    ("https://www.instagram.com/tv/C9aBcDeFgHi/", "instagram_feed", POST),
    ("https://www.instagram.com/share/p/BAbCdEfGh_", "instagram_feed", "https://www.instagram.com/share/p/BAbCdEfGh_"),
    ("https://www.instagram.com/share/reel/BAbCdEfGh_", "instagram_feed", "https://www.instagram.com/share/reel/BAbCdEfGh_"),
    ("https://l.instagram.com/?u=https%3A%2F%2Fwww.instagram.com%2Fp%2FC9aBcDeFgHi%2F&e=AT0", "instagram_feed", POST),
    ("https://www.instagram.com/stories/Siti.R/3412345678901234567/?utm_source=ig_story", "instagram_story", "https://www.instagram.com/stories/siti.r/3412345678901234567"),
    ("https://instagram.com/stories/highlights/17912345678901234/", "instagram_story", "https://www.instagram.com/stories/highlights/17912345678901234"),
    ("https://www.instagram.com/s/aGlnaGxpZ2h0OjE3OTEyMzQ1?story_media_id=34", "instagram_story", "https://www.instagram.com/s/aGlnaGxpZ2h0OjE3OTEyMzQ1"),
    (f"{FB}/share/p/1AbCdEfGhI/", "facebook", f"{FB}/share/p/1AbCdEfGhI"),
    (f"{FB}/share/p/1AbCdEfGhI/?mibextid=wwXIfr", "facebook", f"{FB}/share/p/1AbCdEfGhI"),
    (f"{FB}/share/v/1AbCdEfGhI/", "facebook", f"{FB}/share/v/1AbCdEfGhI"),
    (f"{FB}/share/r/1AbCdEfGhI/", "facebook", f"{FB}/share/r/1AbCdEfGhI"),
    (f"{FB}/share/1AbCdEfGhI/", "facebook", f"{FB}/share/1AbCdEfGhI"),
    ("https://fb.watch/abCD12_-x/", "facebook", "https://fb.watch/abCD12_-x"),
    (f"{FB}/SitiRahma/posts/pfbid0AbCdEfG123", "facebook", f"{FB}/sitirahma/posts/pfbid0AbCdEfG123"),
    (f"{FB}/siti.rahma/posts/122101234567890", "facebook", f"{FB}/siti.rahma/posts/122101234567890"),
    (f"{FB}/dinkes/posts/imunisasi-gratis-di-jambi/122101234567890/", "facebook", f"{FB}/dinkes/posts/122101234567890"),
    ("https://m.facebook.com/story.php?story_fbid=pfbid0AbC123&id=100012345678901", "facebook", f"{FB}/100012345678901/posts/pfbid0AbC123"),
    ("https://mbasic.facebook.com/story.php?id=100012345678901&story_fbid=pfbid0AbC123&refid=17", "facebook", f"{FB}/100012345678901/posts/pfbid0AbC123"),
    (f"{FB}/permalink.php?story_fbid=pfbid0AbC123&id=100012345678901", "facebook", f"{FB}/100012345678901/posts/pfbid0AbC123"),
    ("https://web.facebook.com/photo/?fbid=122101234567890&set=a.1", "facebook", f"{FB}/photo/?fbid=122101234567890"),
    ("https://m.facebook.com/photo.php?fbid=122101234567890", "facebook", f"{FB}/photo/?fbid=122101234567890"),
    (f"{FB}/siti/photos/a.123456/122101234567890/", "facebook", f"{FB}/photo/?fbid=122101234567890"),
    (f"{FB}/watch/?v=987654321012345&ref=sharing", "facebook", f"{FB}/watch/?v=987654321012345"),
    (f"{FB}/watch/live/?v=987654321012345", "facebook", f"{FB}/watch/?v=987654321012345"),
    (f"{FB}/dinkesjambi/videos/987654321012345/", "facebook", f"{FB}/watch/?v=987654321012345"),
    (f"{FB}/dinkesjambi/videos/posyandu/987654321012345/", "facebook", f"{FB}/watch/?v=987654321012345"),
    ("https://fb.com/reel/987654321012345", "facebook", f"{FB}/reel/987654321012345"),
    ("https://id-id.facebook.com/reel/987654321012345/", "facebook", f"{FB}/reel/987654321012345"),
    (f"{FB}/stories/122101234567890/UzpfSVNDOjEyMzQ1Njc4/?view_single=1", "facebook", f"{FB}/stories/122101234567890/UzpfSVNDOjEyMzQ1Njc4"),
    (f"{FB}/groups/WargaJambi/posts/987654321012345/", "facebook", f"{FB}/groups/wargajambi/posts/987654321012345"),
    (f"{FB}/groups/123456/permalink/987654321012345/", "facebook", f"{FB}/groups/123456/posts/987654321012345"),
    ("https://lm.facebook.com/l.php?u=https%3A%2F%2Ffb.watch%2FabCD12%2F&h=AT", "facebook", "https://fb.watch/abCD12"),
    ("https://www.tiktok.com/@siti.r/video/7412345678901234567?is_from_webapp=1", "tiktok", "https://www.tiktok.com/@siti.r/video/7412345678901234567"),
    ("https://m.tiktok.com/@SITI.R/video/7412345678901234567", "tiktok", "https://www.tiktok.com/@siti.r/video/7412345678901234567"),
    ("https://www.tiktok.com/%40siti/photo/7412345678901234567", "tiktok", "https://www.tiktok.com/@siti/photo/7412345678901234567"),
    ("https://vt.tiktok.com/ZSabc1234/", "tiktok", "https://vt.tiktok.com/ZSabc1234"),
    ("https://vm.tiktok.com/ZMabc1234/", "tiktok", "https://vm.tiktok.com/ZMabc1234"),
    ("https://www.tiktok.com/t/ZTabc1234/", "tiktok", "https://www.tiktok.com/t/ZTabc1234"),
    ("https://m.tiktok.com/v/7412345678901234567.html?u_code=d", "tiktok", "https://m.tiktok.com/v/7412345678901234567.html"),
    ("https://x.com/siti/status/1860012345678901234?s=20&t=abc", "x", CHIRP),
    ("https://twitter.com/siti/status/1860012345678901234", "x", CHIRP),
    ("https://mobile.twitter.com/siti/status/1860012345678901234/photo/1", "x", CHIRP),
    ("https://x.com/i/web/status/1860012345678901234", "x", CHIRP),
    ("x.com/i/status/1860012345678901234", "x", CHIRP),
    ("https://twitter.com/siti/statuses/1860012345678901234", "x", CHIRP),
    ("https://www.youtube.com/watch?v=dQw4w9WgXcQ&t=12s", "youtube", CLIP),
    ("https://m.youtube.com/watch?app=desktop&v=dQw4w9WgXcQ", "youtube", CLIP),
    ("https://youtu.be/dQw4w9WgXcQ?si=AbC", "youtube", CLIP),
    ("https://youtube.com/shorts/dQw4w9WgXcQ?feature=share", "youtube", CLIP),
    ("https://www.youtube.com/live/dQw4w9WgXcQ", "youtube", CLIP),
    ("https://music.youtube.com/watch?v=dQw4w9WgXcQ", "youtube", CLIP),
    ("https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ", "youtube", CLIP),
    ("http://www.youtube.com/post/UgkxAbCdEfGhIjKlMnOpQrStUvWxYz", "youtube", "https://www.youtube.com/post/UgkxAbCdEfGhIjKlMnOpQrStUvWxYz"),
    ("https://www.threads.net/@siti.r/post/C9aBcDeFgHi?xmt=AQ", "other", "https://www.threads.com/@siti.r/post/C9aBcDeFgHi"),
    ("https://www.threads.com/@Siti.R/post/C9aBcDeFgHi", "other", "https://www.threads.com/@siti.r/post/C9aBcDeFgHi"),
    ("https://www.threads.net/t/C9aBcDeFgHi/", "other", "https://www.threads.com/t/C9aBcDeFgHi"),
    ("https://whatsapp.com/channel/0029VaAbCdEfGhIjKlM/123", "other", "https://www.whatsapp.com/channel/0029VaAbCdEfGhIjKlM/123"),
    ("HTTPS://WWW.INSTAGRAM.COM/p/C9aBcDeFgHi/", "instagram_feed", POST),
    ("https://www.instagram.com:443/p/C9aBcDeFgHi/", "instagram_feed", POST),
    ("https://www.instagram.com./p/C9aBcDeFgHi/#lihat", "instagram_feed", POST),
]  # fmt: skip

NO_POST = [
    ("https://www.instagram.com/dinkes.jambi/", "instagram"),
    ("https://www.instagram.com/", "instagram"),
    ("https://www.instagram.com/explore/tags/jambi/", "instagram"),
    ("https://www.instagram.com/accounts/login/?next=/p/C9aBcDeFgHi/", "instagram"),
    ("https://www.instagram.com/reels/audio/12345678/", "instagram"),
    ("https://www.instagram.com/stories/siti/", "instagram"),
    ("https://www.facebook.com/siti.rahma", "facebook"),
    ("https://www.facebook.com/login.php?next=x", "facebook"),
    ("https://www.facebook.com/groups/wargajambi/", "facebook"),
    ("https://www.facebook.com/watch/", "facebook"),
    ("https://fb.watch/", "facebook"),
    ("https://www.tiktok.com/@siti", "tiktok"),
    ("https://vt.tiktok.com/", "tiktok"),
    ("https://x.com/siti", "x"),
    ("https://x.com/home", "x"),
    ("https://www.youtube.com/@dinkesjambi", "youtube"),
    ("https://www.youtube.com/playlist?list=PL123", "youtube"),
    ("https://youtu.be/", "youtube"),
    ("https://www.threads.net/@siti", "threads"),
    ("https://whatsapp.com/channel/0029VaAbCdEfGhIjKlM", "whatsapp"),
    ("https://wa.me/6281234567890", "whatsapp"),
    ("https://chat.whatsapp.com/AbCdEfGhIjKlMnOpQrStUv", "whatsapp"),
]

FOREIGN = [
    "https://dinkes.jambiprov.go.id/berita/1",
    "https://instagram.com.contoh.id/p/C9aBcDeFgHi/",
    "https://instagram.com@contoh.id/p/C9aBcDeFgHi/",
    "https://notinstagram.com/p/C9aBcDeFgHi/",
    "https://contoh.id/?u=https://www.instagram.com/p/C9aBcDeFgHi/",
    "https://bit.ly/3AbCdEf",
    "https://[::1/p/x",
    "https://",
]


@pytest.mark.parametrize(("written", "platform", "normal"), SHAPES)
def test_a_post_has_one_platform_and_one_form(written: str, platform: str, normal: str) -> None:
    assert links.recognise(written) == Link(platform, normal)
    assert platform in proofs.PLATFORMS


@pytest.mark.parametrize(("written", "platform", "normal"), SHAPES)
def test_recognising_the_normal_form_changes_nothing(written: str, platform: str, normal: str) -> None:
    assert links.recognise(normal) == Link(platform, normal)


@pytest.mark.parametrize(("written", "platform"), NO_POST)
def test_what_is_no_post_is_refused_with_an_example_of_its_platform(written: str, platform: str) -> None:
    with pytest.raises(Refused) as refused:
        links.recognise(written)
    assert refused.value.key == "sharing.link_no_post"
    assert refused.value.params["example"] == {"text": f"sharing.example_{platform}"}


@pytest.mark.parametrize("written", FOREIGN)
def test_another_site_is_refused_whatever_it_pretends(written: str) -> None:
    with pytest.raises(Refused) as refused:
        links.recognise(written)
    assert refused.value.key == "sharing.link_foreign"


TRACKING = ("utm_source", "igsh", "igshid", "fbclid", "mibextid", "si", "s", "t", "ref", "is_from_webapp")


@given(
    st.sampled_from(SHAPES),
    st.lists(st.tuples(st.sampled_from(TRACKING), st.text(max_size=12)), max_size=4),
    st.sampled_from(["", " ", "\n"]),
)
def test_what_follows_people_around_makes_no_difference(
    shape: tuple[str, str, str], tracking: list[tuple[str, str]], space: str
) -> None:
    written, platform, normal = shape
    if "#" not in written:
        glue = "&" if "?" in written else "?"
        for name, value in tracking:
            written += f"{glue}{name}={quote(value)}"
            glue = "&"
    assert links.recognise(space + written + space) == Link(platform, normal)


SOUP = st.lists(
    st.sampled_from(
        ["https://", "www.", "instagram.com", "facebook.com", "x.com", "tiktok.com", "/", "p", "?u=", "status",
         "@a", "%2F", "%", "#", "123456", "AbCdEf", " ", "\x00", "é", "[", "]", "watch?v=", ":", "..", "&v="]
    ),
    max_size=12,
).map("".join)  # fmt: skip


@given(st.one_of(st.text(max_size=60), SOUP))
def test_any_text_is_a_link_or_refused_and_a_link_stays_itself(text: str) -> None:
    for found in [*links.find(text), text]:
        try:
            link = links.recognise(found)
        except Refused:
            continue
        assert link.platform in proofs.PLATFORMS
        assert links.recognise(link.url) == link


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Ini: https://youtu.be/dQw4w9WgXcQ.", ["https://youtu.be/dQw4w9WgXcQ"]),
        ("(instagram.com/p/C9aBcDeFgHi/)", ["instagram.com/p/C9aBcDeFgHi/"]),
        ("fb.watch/abCD12 dan x.com/a/status/12345", ["fb.watch/abCD12", "x.com/a/status/12345"]),
        ("dua kali https://a.id/b https://a.id/b", ["https://a.id/b"]),
        ("sudah kak", []),
        ("tulis ke siti@x.com/ atau www", []),
        ("netflix.com/judul", []),
    ],
)
def test_links_are_found_in_the_middle_of_a_sentence(text: str, found: list[str]) -> None:
    assert links.find(text) == found
