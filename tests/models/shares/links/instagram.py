# ruff: noqa: E501 - a table of addresses is read line by line
"""Instagram: posts, reels, stories and highlights, as Android, iOS and browsers hand them on."""

from tests.models.shares.links import table

SHAPES = [
    *table.shapes(
        "instagram_feed", "https://www.instagram.com/p/C9aBcDeFgHi", "C9aBcDeFgHi",
        """
        https://www.instagram.com/p/C9aBcDeFgHi
        https://www.instagram.com/p/C9aBcDeFgHi/
        https://www.instagram.com/p/C9aBcDeFgHi/?igsh=MXY3dzRkbw==
        https://www.instagram.com/p/C9aBcDeFgHi/?igshid=MzRlODBiNWFlZA%3D%3D
        https://www.instagram.com/p/C9aBcDeFgHi/?igshid=YmMyMTA2M2Y=
        https://www.instagram.com/p/C9aBcDeFgHi/?utm_source=ig_web_copy_link
        https://www.instagram.com/p/C9aBcDeFgHi/?utm_source=ig_web_copy_link&igsh=MzRlODBiNWFlZA==
        https://www.instagram.com/p/C9aBcDeFgHi/?utm_source=ig_web_button_share_sheet
        https://www.instagram.com/p/C9aBcDeFgHi/?utm_source=ig_web_options_share_sheet&igsh=MXZ0
        https://www.instagram.com/p/C9aBcDeFgHi/?utm_medium=copy_link
        https://www.instagram.com/p/C9aBcDeFgHi/?utm_medium=share_sheet&utm_source=qr
        https://www.instagram.com/p/C9aBcDeFgHi/?img_index=2&igsh=MXY3
        https://www.instagram.com/p/C9aBcDeFgHi/?hl=id
        https://www.instagram.com/p/C9aBcDeFgHi/?fbclid=IwZXh0bgNhZW0CMTEAAR
        https://www.instagram.com/p/C9aBcDeFgHi/?utm_source=ig_embed&ig_rid=0d7b
        https://www.instagram.com/p/C9aBcDeFgHi/c/17912345678901234/
        https://www.instagram.com/p/C9aBcDeFgHi/embed/captioned/?cr=1&v=14
        https://www.instagram.com/p/C9aBcDeFgHi/liked_by/
        https://www.instagram.com/p/C9aBcDeFgHi/media/?size=l
        https://www.instagram.com/dinkes.jambi/p/C9aBcDeFgHi/
        https://www.instagram.com/dinkes.jambi/p/C9aBcDeFgHi/?img_index=1
        https://www.instagram.com/reel/C9aBcDeFgHi/
        https://www.instagram.com/reel/C9aBcDeFgHi/?igsh=MWQ1ZGUxMzBkMA==
        https://www.instagram.com/reel/C9aBcDeFgHi/?utm_source=ig_web_copy_link
        https://www.instagram.com/reels/C9aBcDeFgHi/
        https://www.instagram.com/siti_r/reel/C9aBcDeFgHi/
        https://www.instagram.com/siti_r/reel/C9aBcDeFgHi/?hl=id&utm_source=x
        https://www.instagram.com/tv/C9aBcDeFgHi/?igshid=1abc
        https://www.instagram.com/siti_r/tv/C9aBcDeFgHi/
        http://instagram.com/p/C9aBcDeFgHi
        instagram.com/p/C9aBcDeFgHi
        www.instagram.com/p/C9aBcDeFgHi/?img_index=2
        https://m.instagram.com/p/C9aBcDeFgHi/
        https://instagr.am/p/C9aBcDeFgHi/
        http://www.instagr.am/p/C9aBcDeFgHi/
        HTTPS://WWW.INSTAGRAM.COM/p/C9aBcDeFgHi/
        Https://Instagram.com/reel/C9aBcDeFgHi?igsh=abc
        https://www.instagram.com:443/p/C9aBcDeFgHi/
        https://www.instagram.com./p/C9aBcDeFgHi/#lihat
        https://www.instagram.com//p//C9aBcDeFgHi//
        https://www.instagram.com/p%2FC9aBcDeFgHi
        https://www.instagram.com/p/C9aBcDeFgHi%2F
        https://www.instagram.com/p/C9aBcDeFgHi/?utm_source=ig_web&amp;igsh=MXY3
        https://l.instagram.com/?u=https%3A%2F%2Fwww.instagram.com%2Fp%2FC9aBcDeFgHi%2F&e=AT0
        https://l.facebook.com/l.php?u=https%3A%2F%2Fwww.instagram.com%2Freel%2FC9aBcDeFgHi%2F%3Figsh%3DMXY3&h=AT2
        https%3A%2F%2Fwww.instagram.com%2Fp%2FC9aBcDeFgHi%2F
        https:/www.instagram.com/p/C9aBcDeFgHi/
        https://https://www.instagram.com/p/C9aBcDeFgHi/
        https://siti@www.instagram.com/p/C9aBcDeFgHi/
        """,
    ),
    *table.shapes(
        "instagram_feed", "https://www.instagram.com/p/DAbC-d_EfG_", "DAbC-d_EfG_",
        """
        https://www.instagram.com/p/DAbC-d_EfG_
        https://www.instagram.com/reel/DAbC-d_EfG_
        https://www.instagram.com/p/DAbC-d_EfG_ZyXwVuTsRqPoNmLkJiHgFeDcBa98
        https://www.instagram.com/p/DAbC-d_EfG_ZyXwVuTsRqPoNmLkJiHgFeDcBa98/?igsh=MXY3
        """,
    ),
    *table.shapes(
        "instagram_feed", "https://www.instagram.com/share/p/BAbCdEfGh_", "",
        """
        https://www.instagram.com/share/p/BAbCdEfGh_
        https://www.instagram.com/share/p/BAbCdEfGh_/
        https://instagram.com/share/p/BAbCdEfGh_?igsh=1
        """,
    ),
    *table.shapes(
        "instagram_feed", "https://www.instagram.com/share/reel/_bCdEfGhIj", "",
        """
        https://www.instagram.com/share/reel/_bCdEfGhIj
        """,
    ),
    *table.shapes(
        "instagram_feed", "https://www.instagram.com/share/BAbCdEfGhI", "",
        """
        https://www.instagram.com/share/BAbCdEfGhI
        """,
    ),
    *table.shapes(
        "instagram_story", "https://www.instagram.com/stories/siti.r/3412345678901234567", "3412345678901234567",
        """
        https://www.instagram.com/stories/siti.r/3412345678901234567/
        https://www.instagram.com/stories/Siti.R/3412345678901234567/?utm_source=ig_story
        https://instagram.com/stories/siti.r/3412345678901234567?utm_source=ig_story_item_share&igsh=MXg2
        https://www.instagram.com/stories/siti.r/3412345678901234567_5012345678/
        """,
    ),
    *table.shapes(
        "instagram_story", "https://www.instagram.com/stories/highlights/17912345678901234", "highlight:17912345678901234",
        """
        https://instagram.com/stories/highlights/17912345678901234/
        https://www.instagram.com/stories/highlights/17912345678901234/?hl=id
        https://www.instagram.com/s/aGlnaGxpZ2h0OjE3OTEyMzQ1Njc4OTAxMjM0
        https://www.instagram.com/s/aGlnaGxpZ2h0OjE3OTEyMzQ1Njc4OTAxMjM0/?igsh=MXY3
        """,
    ),
    *table.shapes(
        "instagram_story", "https://www.instagram.com/stories/highlights/17912345678901234?story_media_id=3412345678901234567", "3412345678901234567",
        """
        https://www.instagram.com/s/aGlnaGxpZ2h0OjE3OTEyMzQ1Njc4OTAxMjM0?story_media_id=3412345678901234567&igsh=MXY3
        https://www.instagram.com/s/aGlnaGxpZ2h0OjE3OTEyMzQ1Njc4OTAxMjM0?igsh=1&story_media_id=3412345678901234567_5012345678
        """,
    ),
]  # fmt: skip

NO_POST = """
home https://www.instagram.com/
home https://www.instagram.com
home https://instagram.com/?hl=id
profile https://www.instagram.com/dinkes.jambi/
profile https://www.instagram.com/siti_r?igsh=MXY3dzRkbw==
profile instagram.com/siti_r/
other https://www.instagram.com/siti_r/reels/
other https://www.instagram.com/siti_r/tagged/
login https://www.instagram.com/accounts/login/
login https://www.instagram.com/accounts/login/?next=/p/C9aBcDeFgHi/
login https://www.instagram.com/accounts/signup/phone
search https://www.instagram.com/explore/
search https://www.instagram.com/explore/tags/jambi/
other https://www.instagram.com/p/
other https://www.instagram.com/p/abc/
other https://www.instagram.com/reels/
other https://www.instagram.com/reels/audio/12345678/
other https://www.instagram.com/stories/siti/
other https://www.instagram.com/stories/archive/3412345678901234567/
other https://www.instagram.com/s/bukansorotan
other https://www.instagram.com/direct/t/17842345678901234/
profile https://www.instagram.com/channel/AbYdEfGhIjKlMnOp/
other https://ig.me/m/dinkes.jambi
home https://l.instagram.com/?e=AT0
app instagram://media?id=3412345678901234567
app instagram://user?username=siti
app intent://www.instagram.com/p/C9aBcDeFgHi/#Intent;package=com.instagram.android;scheme=https;end
app android-app://com.instagram.android/https/instagram.com/p/C9aBcDeFgHi/
"""
