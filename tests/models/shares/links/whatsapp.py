# ruff: noqa: E501 - a table of addresses is read line by line
"""WhatsApp: a message of a channel; nothing else there has an address that shows it."""

from tests.models.shares.links import table

SHAPES = [
    *table.shapes(
        "whatsapp_channel", "https://www.whatsapp.com/channel/0029VaAbCdEfGhIjKlMnOpQr/123", "0029VaAbCdEfGhIjKlMnOpQr/123",
        """
        https://whatsapp.com/channel/0029VaAbCdEfGhIjKlMnOpQr/123
        https://whatsapp.com/channel/0029VaAbCdEfGhIjKlMnOpQr/123/
        https://whatsapp.com/channel/0029VaAbCdEfGhIjKlMnOpQr/123?utm_source=ig
        https://whatsapp.com/channel/0029VaAbCdEfGhIjKlMnOpQr/123/?fbclid=IwZXh0bgNhZW0
        https://www.whatsapp.com/channel/0029VaAbCdEfGhIjKlMnOpQr/123
        https://www.whatsapp.com/channel/0029VaAbCdEfGhIjKlMnOpQr/123/
        https://www.whatsapp.com/channel/0029VaAbCdEfGhIjKlMnOpQr/123?utm_source=ig
        https://www.whatsapp.com/channel/0029VaAbCdEfGhIjKlMnOpQr/123/?fbclid=IwZXh0bgNhZW0
        http://whatsapp.com/channel/0029VaAbCdEfGhIjKlMnOpQr/123
        http://whatsapp.com/channel/0029VaAbCdEfGhIjKlMnOpQr/123/
        http://whatsapp.com/channel/0029VaAbCdEfGhIjKlMnOpQr/123?utm_source=ig
        http://whatsapp.com/channel/0029VaAbCdEfGhIjKlMnOpQr/123/?fbclid=IwZXh0bgNhZW0
        http://www.whatsapp.com/channel/0029VaAbCdEfGhIjKlMnOpQr/123
        http://www.whatsapp.com/channel/0029VaAbCdEfGhIjKlMnOpQr/123/
        http://www.whatsapp.com/channel/0029VaAbCdEfGhIjKlMnOpQr/123?utm_source=ig
        http://www.whatsapp.com/channel/0029VaAbCdEfGhIjKlMnOpQr/123/?fbclid=IwZXh0bgNhZW0
        whatsapp.com/channel/0029VaAbCdEfGhIjKlMnOpQr/123
        whatsapp.com/channel/0029VaAbCdEfGhIjKlMnOpQr/123/
        whatsapp.com/channel/0029VaAbCdEfGhIjKlMnOpQr/123?utm_source=ig
        whatsapp.com/channel/0029VaAbCdEfGhIjKlMnOpQr/123/?fbclid=IwZXh0bgNhZW0
        www.whatsapp.com/channel/0029VaAbCdEfGhIjKlMnOpQr/123
        www.whatsapp.com/channel/0029VaAbCdEfGhIjKlMnOpQr/123/
        www.whatsapp.com/channel/0029VaAbCdEfGhIjKlMnOpQr/123?utm_source=ig
        www.whatsapp.com/channel/0029VaAbCdEfGhIjKlMnOpQr/123/?fbclid=IwZXh0bgNhZW0
        https://whatsapp.com/channel/0029VaAbCdEfGhIjKlMnOpQr/123?hl=id
        https://whatsapp.com/channel/0029VaAbCdEfGhIjKlMnOpQr/123?lang=id_ID
        https://www.whatsapp.com/channel/0029VaAbCdEfGhIjKlMnOpQr/123?igsh=MXY3dzRkbw==
        https://whatsapp.com/channel/0029VaAbCdEfGhIjKlMnOpQr/123#
        https://whatsapp.com/channel/0029VaAbCdEfGhIjKlMnOpQr/123#pesan
        https://m.whatsapp.com/channel/0029VaAbCdEfGhIjKlMnOpQr/123
        https://web.whatsapp.com/channel/0029VaAbCdEfGhIjKlMnOpQr/123
        https://wa.me/channel/0029VaAbCdEfGhIjKlMnOpQr/123
        wa.me/channel/0029VaAbCdEfGhIjKlMnOpQr/123
        HTTPS://WHATSAPP.COM/channel/0029VaAbCdEfGhIjKlMnOpQr/123
        WhatsApp.com/channel/0029VaAbCdEfGhIjKlMnOpQr/123
        Https://Www.Whatsapp.Com/channel/0029VaAbCdEfGhIjKlMnOpQr/123
        https://whatsapp.com:443/channel/0029VaAbCdEfGhIjKlMnOpQr/123
        https://whatsapp.com./channel/0029VaAbCdEfGhIjKlMnOpQr/123
        https://whatsapp.com//channel//0029VaAbCdEfGhIjKlMnOpQr//123
        https://whatsapp.com/channel%2F0029VaAbCdEfGhIjKlMnOpQr%2F123
        https:/whatsapp.com/channel/0029VaAbCdEfGhIjKlMnOpQr/123
        https:whatsapp.com/channel/0029VaAbCdEfGhIjKlMnOpQr/123
        https://https://whatsapp.com/channel/0029VaAbCdEfGhIjKlMnOpQr/123
        https%3A%2F%2Fwhatsapp.com%2Fchannel%2F0029VaAbCdEfGhIjKlMnOpQr%2F123
        https://whatsapp.com/channel/0029VaAbCdEfGhIjKlMnOpQr/123?a=1&amp;b=2
        https://l.facebook.com/l.php?u=https%3A%2F%2Fwhatsapp.com%2Fchannel%2F0029VaAbCdEfGhIjKlMnOpQr%2F123&h=AT1
        https://lm.facebook.com/l.php?u=https%3A%2F%2Fwww.whatsapp.com%2Fchannel%2F0029VaAbCdEfGhIjKlMnOpQr%2F123
        https://l.instagram.com/?u=https%3A%2F%2Fwhatsapp.com%2Fchannel%2F0029VaAbCdEfGhIjKlMnOpQr%2F123&e=AT1
        https://l.threads.com/?u=https%3A%2F%2Fwhatsapp.com%2Fchannel%2F0029VaAbCdEfGhIjKlMnOpQr%2F123&e=AT1
        https://l.wl.co/l?u=https%3A%2F%2Fwhatsapp.com%2Fchannel%2F0029VaAbCdEfGhIjKlMnOpQr%2F123
        https://www.youtube.com/redirect?event=video_description&q=https%3A%2F%2Fwhatsapp.com%2Fchannel%2F0029VaAbCdEfGhIjKlMnOpQr%2F123
        https://www.tiktok.com/link/v2?aid=1988&scene=bio_url&target=https%3A%2F%2Fwhatsapp.com%2Fchannel%2F0029VaAbCdEfGhIjKlMnOpQr%2F123
        https://www.google.com/url?q=https%3A%2F%2Fwhatsapp.com%2Fchannel%2F0029VaAbCdEfGhIjKlMnOpQr%2F123&sa=D
        """,
    ),
    *table.shapes(
        "whatsapp_channel", "https://www.whatsapp.com/channel/0029VaAbCdEfGhIjKlMnOpQr/1", "0029VaAbCdEfGhIjKlMnOpQr/1",
        """
        https://whatsapp.com/channel/0029VaAbCdEfGhIjKlMnOpQr/1
        """,
    ),
    *table.shapes(
        "whatsapp_channel", "https://www.whatsapp.com/channel/0029Vb9zYxWvUtSrQpOnMl/4567", "0029Vb9zYxWvUtSrQpOnMl/4567",
        """
        https://whatsapp.com/channel/0029Vb9zYxWvUtSrQpOnMl/4567
        """,
    ),
]  # fmt: skip

NO_POST = """
home https://www.whatsapp.com/
home https://web.whatsapp.com/
profile https://whatsapp.com/channel/0029VaAbCdEfGhIjKlMnOpQr
profile https://www.whatsapp.com/channel/0029VaAbCdEfGhIjKlMnOpQr/
profile https://whatsapp.com/channel/0029VaAbCdEfGhIjKlMnOpQr/0
profile https://whatsapp.com/channel/0029VaAbCdEfGhIjKlMnOpQr/abc
profile https://wa.me/6281234567890
profile wa.me/6281234567890?text=Halo
group https://chat.whatsapp.com/AbCdEfGhIjKlMnOpQrStUv
group https://chat.whatsapp.com/AbCdEfGhIjKlMnOpQrStUv?mode=ems_copy_t
group https://chat.whatsapp.com/invite/AbCdEfGhIjKlMnOpQrStUv
other https://api.whatsapp.com/send?text=Halo
other https://api.whatsapp.com/send/?text=https%3A%2F%2Fyoutu.be%2FdQw4w9WgXcQ&type=custom_url&app_absent=0
other https://api.whatsapp.com/send?phone=6281234567890
other https://web.whatsapp.com/send?phone=6281234567890
other https://call.whatsapp.com/video/AbCdEfGhIjKlMnOpQr
other https://wa.me/message/ABCDEF123456A1
other https://wa.me/qr/ABCDEF123456A1
other https://www.whatsapp.com/catalog/6281234567890
app whatsapp://send?text=Halo
app whatsapp://chat/?code=AbCdEfGhIjKlMnOpQrStUv
app intent://send/6281234567890#Intent;scheme=smsto;package=com.whatsapp;action=android.intent.action.SENDTO;end
"""
