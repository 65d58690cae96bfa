"""TikTok: videos, photos and short links, of the app, TikTok Lite and the site."""

from tests.models.shares.links import table

SHAPES = [
    *table.shapes(
        "tiktok", "https://www.tiktok.com/@_/video/7412345678901234567", "7412345678901234567",
        """
        https://www.tiktok.com/@siti.r/video/7412345678901234567
        https://www.tiktok.com/@siti.r/video/7412345678901234567/
        https://www.tiktok.com/@siti.r/video/7412345678901234567?is_from_webapp=1
        https://www.tiktok.com/@siti.r/video/7412345678901234567?is_from_webapp=1&sender_device=pc
        https://www.tiktok.com/@siti.r/video/7412345678901234567?is_from_webapp=1&sender_device=pc&web_id=7400000000000000001
        https://www.tiktok.com/@siti.r/video/7412345678901234567?is_copy_url=1&is_from_webapp=v1
        https://www.tiktok.com/@siti.r/video/7412345678901234567?is_from_webapp=v1&item_id=7412345678901234567
        https://www.tiktok.com/@siti.r/video/7412345678901234567?_r=1&_t=ZS-8abcDEFghij
        https://www.tiktok.com/@siti.r/video/7412345678901234567?_t=8abcDEFghij&_r=1
        https://www.tiktok.com/@siti.r/video/7412345678901234567?lang=id-ID
        https://www.tiktok.com/@siti.r/video/7412345678901234567?lang=id-ID&q=posyandu&t=1732000000000
        https://www.tiktok.com/@siti.r/video/7412345678901234567?_d=secCgYIASAHKAESPgo8&language=id&sec_user_id=MS4wLjAB&share_app_id=1180&share_link_id=9c5f&timestamp=1732000000&u_code=d1&user_id=68&utm_campaign=client_share&utm_medium=android&utm_source=copy
        https://www.tiktok.com/@siti.r/video/7412345678901234567?source=h5_m&utm_source=whatsapp
        https://www.tiktok.com/@siti.r/video/7412345678901234567?refer=embed
        https://www.tiktok.com/@siti.r/video/7412345678901234567?fbclid=IwZXh0bgNhZW0
        https://www.tiktok.com/@siti.r/video/7412345678901234567#komentar
        https://www.tiktok.com/@siti.r/photo/7412345678901234567
        https://www.tiktok.com/@siti.r/photo/7412345678901234567?is_from_webapp=1&sender_device=mobile
        https://www.tiktok.com/%40siti/photo/7412345678901234567
        https://www.tiktok.com/@/video/7412345678901234567
        https://www.tiktok.com/@_/video/7412345678901234567
        https://www.tiktok.com/@SITI.R/video/7412345678901234567
        https://tiktok.com/@siti.r/video/7412345678901234567
        http://www.tiktok.com/@siti.r/video/7412345678901234567
        tiktok.com/@siti.r/video/7412345678901234567
        www.tiktok.com/@siti.r/video/7412345678901234567?_r=1
        https://m.tiktok.com/@SITI.R/video/7412345678901234567
        https://lite.tiktok.com/@siti.r/video/7412345678901234567
        https://m.tiktok.com/v/7412345678901234567.html
        https://m.tiktok.com/v/7412345678901234567.html?u_code=d&preview_pb=0&language=id
        https://m.tiktok.com/v/7412345678901234567
        https://m.tiktok.com/h5/share/video/7412345678901234567.html
        https://www.tiktok.com/share/video/7412345678901234567
        https://www.tiktok.com/share/video/7412345678901234567/
        https://www.tiktokv.com/share/video/7412345678901234567/
        https://m.tiktokv.com/share/video/7412345678901234567
        https://www.tiktok.com/embed/7412345678901234567
        https://www.tiktok.com/embed/v2/7412345678901234567?lang=id-ID
        https://www.tiktok.com/player/v1/7412345678901234567?music_info=1
        https://www.tiktok.com/foryou?is_copy_url=1&is_from_webapp=v1&item_id=7412345678901234567
        https://www.tiktok.com/video/7412345678901234567
        HTTPS://WWW.TIKTOK.COM/@siti.r/video/7412345678901234567
        https://www.tiktok.com:443/@siti.r/video/7412345678901234567
        https://www.tiktok.com./@siti.r/video/7412345678901234567
        https://www.tiktok.com//@siti.r//video//7412345678901234567
        https://www.tiktok.com/@siti.r/video/7412345678901234567?is_from_webapp=1&amp;sender_device=pc
        https%3A%2F%2Fwww.tiktok.com%2F%40siti.r%2Fvideo%2F7412345678901234567
        https://l.instagram.com/?u=https%3A%2F%2Fwww.tiktok.com%2F%40siti.r%2Fvideo%2F7412345678901234567&e=AT1
        https://www.tiktok.com/link/v2?aid=1988&lang=id&scene=bio_url&target=https%3A%2F%2Fwww.tiktok.com%2F%40siti.r%2Fvideo%2F7412345678901234567
        """,
    ),
    *table.shapes(
        "tiktok", "https://vt.tiktok.com/ZSabc1234", "",
        """
        https://vt.tiktok.com/ZSabc1234/
        https://vt.tiktok.com/ZSabc1234
        http://vt.tiktok.com/ZSabc1234/?k=1
        vt.tiktok.com/ZSabc1234/
        VT.TIKTOK.COM/ZSabc1234/
        https://lm.facebook.com/l.php?u=https%3A%2F%2Fvt.tiktok.com%2FZSabc1234%2F&h=AT
        """,
    ),
    *table.shapes(
        "tiktok", "https://vm.tiktok.com/ZMabc1234", "",
        """
        https://vm.tiktok.com/ZMabc1234/
        https://vm.tiktok.com/ZMabc1234/?_r=1
        """,
    ),
    *table.shapes(
        "tiktok", "https://www.tiktok.com/t/ZTabc1234", "",
        """
        https://www.tiktok.com/t/ZTabc1234/
        https://tiktok.com/t/ZTabc1234
        """,
    ),
    *table.shapes(
        "tiktok", "https://lite.tiktok.com/t/ZSabc1234", "",
        """
        https://lite.tiktok.com/t/ZSabc1234/
        """,
    ),
]  # fmt: skip

NO_POST = """
home https://www.tiktok.com/
home https://vt.tiktok.com/
home https://www.tiktok.com/foryou
home https://www.tiktok.com/following
profile https://www.tiktok.com/@siti
profile https://www.tiktok.com/@siti?_t=8abc&_r=1
profile https://www.tiktok.com/@siti/live
profile https://www.tiktok.com/@siti/playlist/Posyandu-7412345678901234567
profile https://www.tiktok.com/@siti/video/
profile https://www.tiktok.com/@siti/video/abc
login https://www.tiktok.com/login?redirect_url=https%3A%2F%2Fwww.tiktok.com%2F%40siti%2Fvideo%2F7412345678901234567
login https://www.tiktok.com/login/phone-or-email
login https://www.tiktok.com/signup
search https://www.tiktok.com/search?q=posyandu
search https://www.tiktok.com/search/video?q=posyandu
search https://www.tiktok.com/tag/jambi
search https://www.tiktok.com/explore
search https://www.tiktok.com/discover/posyandu
other https://www.tiktok.com/music/Suara-asli-7412345678901234567
other https://www.tiktok.com/upload
other https://www.tiktok.com/messages
app snssdk1233://aweme/detail/7412345678901234567
app tiktok://video/7412345678901234567
app intent://www.tiktok.com/@siti/video/7412345678901234567#Intent;package=com.ss.android.ugc.trill;end
"""
