# ruff: noqa: E501 - a table of addresses is read line by line
"""What holds for every link: one form a post, one post a form, and the form is final."""

import string
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from hypothesis import given
from hypothesis import strategies as st

from models.refused import Refused
from models.shares import links, shares
from tests.models.shares.links.platforms import SHAPES
from tests.models.shares.links.table import Shape

PLAIN = [shape for shape in SHAPES if shape.written.startswith("https://") and "#" not in shape.written]

TRACKING = (
    "utm_source utm_medium igsh igshid fbclid mibextid rdid __tn__ __cft__[0] si s t ref feature xmt slof hl lang"
    " is_from_webapp sender_device web_id _r _t pp ab_channel locale2 _rdr app sfnsn"
).split()  # fmt: skip
UNSEEN = st.text("\u200b\u200e\u2060\ufeff \u00a0\n", max_size=3)


@given(
    st.sampled_from(PLAIN),
    st.lists(st.tuples(st.sampled_from(TRACKING), st.text(max_size=12)), max_size=4),
    st.sampled_from(["", "#", "#lihat", "#/x?y=1"]),
    UNSEEN,
    UNSEEN,
)
def test_tracking_fragments_and_what_nobody_sees_change_nothing(
    shape: Shape, tracking: list[tuple[str, str]], fragment: str, before: str, after: str
) -> None:
    written = shape.written
    for name, value in tracking:
        written += ("&" if "?" in written else "?") + f"{name}={quote(value)}"
    assert links.recognise(before + written + fragment + after) == shape.link


@given(st.sampled_from(PLAIN), st.data())
def test_capitals_of_scheme_and_host_change_nothing(shape: Shape, data: st.DataObject) -> None:
    split = urlsplit(shape.written)
    head = f"https://{split.netloc}"
    capitals = data.draw(st.lists(st.booleans(), min_size=len(head), max_size=len(head)))
    shouted = "".join(char.upper() if capital else char for char, capital in zip(head, capitals, strict=True))
    assert links.recognise(shouted + shape.written[len(head) :]) == shape.link


@given(st.sampled_from([shape for shape in PLAIN if "?" not in shape.written]), st.integers(0, 3))
def test_slashes_at_the_end_change_nothing(shape: Shape, slashes: int) -> None:
    assert links.recognise(shape.written.rstrip("/") + "/" * slashes) == shape.link


LETTERS = string.ascii_letters + string.digits


def code(least: int, most: int = 0, letters: str = LETTERS + "-_") -> st.SearchStrategy[str]:
    return st.text(letters, min_size=least, max_size=most or least)


def number(digits: int) -> st.SearchStrategy[str]:
    return st.integers(10 ** (digits - 1), 10**digits - 1).map(str)


@dataclass(frozen=True)
class Kind:
    """A kind of post: what its ids are like, and ways of writing the address of one."""

    ids: st.SearchStrategy[str]
    ways: tuple[str, ...]


def kind(ids: st.SearchStrategy[str], ways: str) -> Kind:
    return Kind(ids, tuple(ways.split()))


KINDS = (
    kind(
        code(11),
        "https://www.instagram.com/p/{}/ https://instagram.com/reel/{}?igsh=MXY3dz== m.instagram.com/siti/p/{}"
        " https://l.instagram.com/?u=https%3A%2F%2Fwww.instagram.com%2Freels%2F{}%2F&e=1",
    ),
    kind(
        number(19),
        "https://www.instagram.com/stories/siti.r/{}/ instagram.com/stories/SITI.R/{}_501?igsh=1",
    ),
    kind(
        code(30, 60, LETTERS).map("pfbid0{}".format),
        "https://m.facebook.com/story.php?story_fbid={}&id=100012345678901"
        " https://www.facebook.com/permalink.php?id=100012345678901&story_fbid={}"
        " mbasic.facebook.com/100012345678901/posts/{}?refid=17",
    ),
    kind(
        number(15),
        "https://www.facebook.com/groups/WargaJambi/permalink/{}/ https://m.facebook.com/groups/wargajambi/posts/{}"
        " https://facebook.com/groups/wargajambi?multi_permalinks={}",
    ),
    kind(
        number(16),
        "https://www.facebook.com/watch/?v={} https://fb.com/reel/{} m.facebook.com/dinkes/videos/judul/{}/",
    ),
    kind(
        number(16),
        "https://www.facebook.com/photo/?fbid={}&set=a.1 m.facebook.com/photo.php?set=a.1&fbid={}"
        " https://web.facebook.com/siti/photos/a.1/{}",
    ),
    kind(code(10), "https://www.facebook.com/share/p/{}/ m.facebook.com/share/p/{}?mibextid=x"),
    kind(
        number(19),
        "https://www.tiktok.com/@siti/video/{} https://m.tiktok.com/v/{}.html tiktok.com/@lain/photo/{}?_r=1&_t=x",
    ),
    kind(code(9, letters=LETTERS), "https://vt.tiktok.com/{}/ vt.tiktok.com/{}?k=1"),
    kind(
        number(19),
        "https://x.com/siti/status/{}?s=20 mobile.twitter.com/i/web/status/{} https://twitter.com/a/statuses/{}/photo/1",
    ),
    kind(
        code(11),
        "https://www.youtube.com/watch?v={} https://youtu.be/{}?si=x m.youtube.com/watch?app=m&v={}"
        " https://youtube.com/shorts/{} https://youtube.com/live/{}?feature=share",
    ),
    kind(code(36), "https://www.youtube.com/post/{} m.youtube.com/@siti/community?lb={}"),
    kind(
        code(11),
        "https://www.threads.net/@siti/post/{} threads.com/@SITI/post/{}?xmt=x https://www.threads.com/t/{}/",
    ),
    kind(
        number(3),
        "https://whatsapp.com/channel/0029VaAbCdEfGhIjKlMnOpQr/{}"
        " www.whatsapp.com/channel/0029VaAbCdEfGhIjKlMnOpQr/{}/?igsh=1",
    ),
)  # fmt: skip


@given(st.sampled_from(KINDS), st.data())
def test_one_post_has_one_form_and_two_posts_have_two(made: Kind, data: st.DataObject) -> None:
    first, second = data.draw(made.ids), data.draw(made.ids)
    way, other = data.draw(st.sampled_from(made.ways)), data.draw(st.sampled_from(made.ways))
    link = links.recognise(way.format(first))
    assert links.recognise(other.format(first)) == link
    assert links.recognise(link.url) == link
    if first != second:
        different = links.recognise(other.format(second))
        assert different.url != link.url
        assert different.post != link.post or link.post == ""


@given(st.sampled_from(KINDS), st.data())
def test_a_link_in_a_sentence_is_the_same_link(made: Kind, data: st.DataObject) -> None:
    written = data.draw(st.sampled_from(made.ways)).format(data.draw(made.ids))
    around = data.draw(
        st.sampled_from(["{}", "Sudah ya: {}.", "({})", "*{}*", "_{}_", "“{}”", "{}🙏", "<{}>\n"])
    )
    assert [links.recognise(one) for one in links.find(around.format(written))] == [links.recognise(written)]


@given(
    st.lists(
        st.sampled_from([s.written for s in PLAIN if s.written.count("https://") == 1]),
        min_size=2,
        max_size=4,
        unique=True,
    )
)
def test_links_without_a_space_between_are_found_each(written: list[str]) -> None:
    assert links.find("".join(written)) == written


SOUP = st.lists(
    st.sampled_from(
        "https:// http: www. instagram.com facebook.com x.com tiktok.com youtu.be watch?v= / // \\ p posts video ?u="
        " &v= &u=https:// status @a @ %2F %3F % # 123456 AbCdEf dQw4w9WgXcQ é \u0430 [ ] ( _ * : :443 .. intent://"
        " l.facebook.com/l.php?u= story.php?story_fbid= &id= s/aGlnaGxp groups channel \u200b nbsp nul line".split()
    ),
    max_size=14,
).map(lambda some: "".join({"nbsp": "\u00a0", "nul": "\x00", "line": "\n"}.get(one, one) for one in some))  # fmt: skip


@given(st.one_of(st.text(max_size=80), SOUP))
def test_any_text_is_a_link_or_refused_and_a_link_stays_itself(text: str) -> None:
    for found in [*links.find(text), text]:
        try:
            link = links.recognise(found)
        except Refused as refused:
            assert refused.key in ("sharing.link_no_post", "sharing.link_foreign")
            continue
        assert link.platform in shares.PLATFORMS
        assert links.recognise(link.url) == link
        assert link.url.isascii()
        assert link.url.startswith("https://")


@given(st.one_of(st.text(max_size=80), SOUP))
def test_what_is_found_is_a_part_of_the_text_and_in_its_order(text: str) -> None:
    at = 0
    for found in links.find(text):
        at = text.index(found, at) + 1
