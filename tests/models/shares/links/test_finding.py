# ruff: noqa: E501 - a table of addresses is read line by line
"""Addresses are found in the middle of what people write, as far as they go and no further."""

import pytest

from models.shares import links

IG = "https://www.instagram.com/p/C9aBcDeFgHi/"
YT = "https://youtu.be/dQw4w9WgXc_"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("sudah kak", []),
        ("tulis ke siti@x.com/ atau www", []),
        ("siti@instagram.com/abc", []),
        ("netflix.com/judul dan max.com/", []),
        ("Instagram.com saja, bukan tautan", []),
        ("http:// saja atau https://.", []),
        ("x/y dan 1/2", []),
        ("a.id/b", []),
        ("www.contoh.id", ["www.contoh.id"]),
        ("dua kali https://a.id/b https://a.id/b", ["https://a.id/b"]),
        ("fb.watch/abCD12 dan x.com/a/status/12345", ["fb.watch/abCD12", "x.com/a/status/12345"]),
        ("Ini: https://youtu.be/dQw4w9WgXcQ.", ["https://youtu.be/dQw4w9WgXcQ"]),
        (f"Lihat video ini {IG} via @siti", [IG]),
        (f"Sudah,{IG}", [IG]),
        (f"linknya:{YT}!!!", [YT]),
        (f"{YT}?si=AbC, terima kasih", [f"{YT}?si=AbC"]),
        (f"Tonton “{YT}” ya", [YT]),
        (f"Tonton «{YT}» ya", [YT]),
        (f"Tonton {YT}… ya", [YT]),
        # Pictures right behind it.
        (f"{YT}🙏🙏", [YT]),
        (f"{YT}❤️", [YT]),
        (f"👉{IG}👈", [IG]),
        # Brackets and marks of the chat; the code itself may end in an underscore.
        ("(instagram.com/p/C9aBcDeFgHi/)", ["instagram.com/p/C9aBcDeFgHi/"]),
        (f"<{IG}>", [IG]),
        (f"[{IG}]", [IG]),
        (f"[buktinya]({IG}).", [IG]),
        (f"[{YT}]({YT})", [YT]),
        (f"*{YT}*", [YT]),
        (f"~{YT}~", [YT]),
        (f"```{YT}```", [YT]),
        (f"||{YT}||", [YT]),
        (f"_{YT}_", [YT]),
        (f"__{YT}__", [YT]),
        (f"*_{YT}_*", [YT]),
        (f"_*{YT}*_", [YT]),
        (YT, [YT]),
        ("_youtu.be/dQw4w9WgXc__", ["youtu.be/dQw4w9WgXc_"]),
        # What nobody sees.
        (f"{YT}\u200b dan lagi", [YT]),
        (f"\u2068{YT}\u2069", [YT]),
        (f"\ufeff{YT}\u200e", [YT]),
        (f"bukti:\u00a0{YT}\u00a0ya", [YT]),
        (f"bukti\n{YT}\r\n{IG}", [YT, IG]),
        # One right behind the other.
        (f"{YT}{IG}", [YT, IG]),
        (f"{IG}{YT}{IG}?igsh=1", [IG, YT, f"{IG}?igsh=1"]),
        (f"{IG}?igsh=MXY3dzRkbw=={YT}", [f"{IG}?igsh=MXY3dzRkbw==", YT]),
        (f"{IG}?igsh=MXY3dzRkbw={YT}", [f"{IG}?igsh=MXY3dzRkbw=", YT]),
        (f"{IG},{YT}", [IG, YT]),
        (f"{IG};{YT}", [IG, YT]),
        (f"https://https://{IG}", [IG]),
        # An address that is the value of a parameter stays where it is.
        (f"https://l.facebook.com/l.php?u={YT}", [f"https://l.facebook.com/l.php?u={YT}"]),
        (f"https://l.facebook.com/l.php?h=1&u={YT}&s=1", [f"https://l.facebook.com/l.php?h=1&u={YT}&s=1"]),
        # Capitals, no scheme, half a scheme, all of it encoded.
        ("Instagram.com/p/C9aBcDeFgHi", ["Instagram.com/p/C9aBcDeFgHi"]),
        ("WWW.TIKTOK.COM/@siti/video/7412345678901234567", ["WWW.TIKTOK.COM/@siti/video/7412345678901234567"]),
        ("https:/www.instagram.com/p/C9aBcDeFgHi", ["www.instagram.com/p/C9aBcDeFgHi"]),
        ("https//instagram.com/p/C9aBcDeFgHi", ["instagram.com/p/C9aBcDeFgHi"]),
        ("https%3A%2F%2Fyoutu.be%2FdQw4w9WgXcQ", ["https%3A%2F%2Fyoutu.be%2FdQw4w9WgXcQ"]),
        # What only an application opens is found, so that it can be answered.
        ("fb://photo/122101234567890 ya", ["fb://photo/122101234567890"]),
        ("vnd.youtube:dQw4w9WgXcQ", ["vnd.youtube:dQw4w9WgXcQ"]),
        ("intent://x.com/a/status/12345#Intent;end", ["intent://x.com/a/status/12345#Intent;end"]),
    ],
)  # fmt: skip
def test_addresses_are_found_in_the_middle_of_a_sentence(text: str, found: list[str]) -> None:
    assert links.find(text) == found


@pytest.mark.parametrize(
    "written",
    [
        "  https://youtu.be/dQw4w9WgXc_\n",
        "(https://youtu.be/dQw4w9WgXc_)",
        "**https://youtu.be/dQw4w9WgXc_**",
        "_https://youtu.be/dQw4w9WgXc__",
        "<https://youtu.be/dQw4w9WgXc_>",
        "“youtu.be/dQw4w9WgXc_”",
        "https://you\u200btu.be/dQw4\u2060w9WgXc_",
        "\u202ahttps://youtu.be/dQw4w9WgXc_\u202c",
        "//youtu.be/dQw4w9WgXc_",
        "https:\\\\youtu.be\\dQw4w9WgXc_",
    ],
)
def test_one_address_is_read_through_what_surrounds_it(written: str) -> None:
    assert links.recognise(written).post == "dQw4w9WgXc_"
