# ruff: noqa: E501 - a table of addresses is read line by line
"""YouTube: videos, shorts, streams, posts and clips, of the apps and the site."""

from tests.models.shares.links import table

SHAPES = [
    *table.shapes(
        "youtube", "https://www.youtube.com/watch?v=dQw4w9WgXcQ", "dQw4w9WgXcQ",
        """
        https://www.youtube.com/watch?v=dQw4w9WgXcQ
        https://www.youtube.com/watch?v=dQw4w9WgXcQ&t=12s
        https://www.youtube.com/watch?v=dQw4w9WgXcQ&list=PLabc&index=3
        https://www.youtube.com/watch?list=PLabc&v=dQw4w9WgXcQ
        https://www.youtube.com/watch?app=desktop&v=dQw4w9WgXcQ
        https://www.youtube.com/watch?v=dQw4w9WgXcQ&feature=youtu.be
        https://www.youtube.com/watch?v=dQw4w9WgXcQ&pp=ygUIcG9zeWFuZHU%3D
        https://www.youtube.com/watch?v=dQw4w9WgXcQ&ab_channel=DinkesJambi
        https://www.youtube.com/watch?v=dQw4w9WgXcQ&lc=UgzAbCdEfGhIjKlMn
        https://www.youtube.com/watch?v=dQw4w9WgXcQ?si=AbC
        https://www.youtube.com/watch?si=AbCdEfGhIjKlMnOp&v=dQw4w9WgXcQ
        https://www.youtube.com/watch?v=dQw4w9WgXcQ#t=30
        https://www.youtube.com/watch?time_continue=5&v=dQw4w9WgXcQ&feature=emb_title
        https://www.youtube.com/watch/dQw4w9WgXcQ
        https://www.youtube.com/watch/?v=dQw4w9WgXcQ
        https://m.youtube.com/watch?v=dQw4w9WgXcQ
        https://m.youtube.com/watch?app=desktop&v=dQw4w9WgXcQ
        https://m.youtube.com/watch?v=dQw4w9WgXcQ&pp=ygUIcG9z
        https://music.youtube.com/watch?v=dQw4w9WgXcQ&si=AbC
        https://www.youtubekids.com/watch?v=dQw4w9WgXcQ
        https://youtube.com/watch?v=dQw4w9WgXcQ&si=AbCdEfGhIjKlMnOp
        https://youtu.be/dQw4w9WgXcQ
        https://youtu.be/dQw4w9WgXcQ?si=AbCdEfGhIjKlMnOp
        https://youtu.be/dQw4w9WgXcQ?t=42
        https://youtu.be/dQw4w9WgXcQ?feature=shared
        https://youtu.be/dQw4w9WgXcQ?list=PLabc&si=AbC
        https://youtu.be/dQw4w9WgXcQ&t=5
        https://youtu.be/dQw4w9WgXcQ/
        http://youtu.be/dQw4w9WgXcQ
        youtu.be/dQw4w9WgXcQ
        https://youtu.be/shorts/dQw4w9WgXcQ
        https://youtube.com/shorts/dQw4w9WgXcQ?feature=share
        https://youtube.com/shorts/dQw4w9WgXcQ?si=AbCdEfGhIjKlMnOp
        https://www.youtube.com/shorts/dQw4w9WgXcQ
        https://m.youtube.com/shorts/dQw4w9WgXcQ
        https://www.youtube.com/live/dQw4w9WgXcQ
        https://www.youtube.com/live/dQw4w9WgXcQ?si=AbC&t=100
        https://youtube.com/live/dQw4w9WgXcQ?feature=share
        https://www.youtube.com/embed/dQw4w9WgXcQ
        https://www.youtube.com/embed/dQw4w9WgXcQ?si=AbC&start=5
        https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ
        https://www.youtube.com/v/dQw4w9WgXcQ
        https://www.youtube.com/e/dQw4w9WgXcQ
        https://studio.youtube.com/video/dQw4w9WgXcQ/edit
        https://www.youtube.com/attribution_link?a=AbC&u=%2Fwatch%3Fv%3DdQw4w9WgXcQ%26feature%3Dshare
        https://www.youtube.com/redirect?event=video_description&q=https%3A%2F%2Fyoutu.be%2FdQw4w9WgXcQ
        https://consent.youtube.com/m?continue=https%3A%2F%2Fwww.youtube.com%2Fwatch%3Fv%3DdQw4w9WgXcQ&gl=ID
        https://www.google.com/url?sa=t&url=https%3A%2F%2Fwww.youtube.com%2Fwatch%3Fv%3DdQw4w9WgXcQ
        https://www.youtube.com/watch%3Fv%3DdQw4w9WgXcQ
        HTTPS://WWW.YOUTUBE.COM/watch?v=dQw4w9WgXcQ
        YouTu.be/dQw4w9WgXcQ
        https://www.youtube.com:443/watch?v=dQw4w9WgXcQ
        https://www.youtube.com/watch?app=desktop&amp;v=dQw4w9WgXcQ
        """,
    ),
    *table.shapes(
        "youtube", "https://www.youtube.com/watch?v=-abcdefghi_", "-abcdefghi_",
        """
        https://youtu.be/-abcdefghi_
        https://www.youtube.com/watch?v=-abcdefghi_
        youtube.com/shorts/-abcdefghi_
        """,
    ),
    *table.shapes(
        "youtube", "https://www.youtube.com/post/UgkxAbCdEfGhIjKlMnOpQrStUvWxYz012345", "UgkxAbCdEfGhIjKlMnOpQrStUvWxYz012345",
        """
        http://www.youtube.com/post/UgkxAbCdEfGhIjKlMnOpQrStUvWxYz012345
        http://youtube.com/post/UgkxAbCdEfGhIjKlMnOpQrStUvWxYz012345?si=AbC
        https://m.youtube.com/post/UgkxAbCdEfGhIjKlMnOpQrStUvWxYz012345
        https://www.youtube.com/channel/UCabcdefghijklmnopqrstuv/community?lb=UgkxAbCdEfGhIjKlMnOpQrStUvWxYz012345
        https://www.youtube.com/@dinkesjambi/posts?lb=UgkxAbCdEfGhIjKlMnOpQrStUvWxYz012345
        """,
    ),
    *table.shapes(
        "youtube", "https://www.youtube.com/clip/UgkxZyXwVuTsRqPoNmLkJiHgFeDcBa987654", "UgkxZyXwVuTsRqPoNmLkJiHgFeDcBa987654",
        """
        https://www.youtube.com/clip/UgkxZyXwVuTsRqPoNmLkJiHgFeDcBa987654
        https://youtube.com/clip/UgkxZyXwVuTsRqPoNmLkJiHgFeDcBa987654?si=AbC
        """,
    ),
]  # fmt: skip

NO_POST = """
home https://www.youtube.com/
home https://m.youtube.com/?gl=ID
home https://youtu.be/
profile https://www.youtube.com/@dinkesjambi
profile https://youtube.com/@dinkesjambi?si=AbCdEfGhIjKlMnOp
profile https://www.youtube.com/@dinkesjambi/shorts
profile https://www.youtube.com/@dinkesjambi/live
profile https://www.youtube.com/channel/UCabcdefghijklmnopqrstuv
profile https://www.youtube.com/channel/UCabcdefghijklmnopqrstuv/community
profile https://www.youtube.com/c/DinkesJambi
profile https://www.youtube.com/user/dinkesjambi
home https://www.youtube.com/feed/subscriptions
search https://www.youtube.com/results?search_query=posyandu
search https://www.youtube.com/hashtag/jambi
search https://www.youtube.com/hashtag/jambi/shorts
login https://www.youtube.com/signup
other https://www.youtube.com/playlist?list=PL123
other https://www.youtube.com/watch
other https://www.youtube.com/watch?v=pendek
other https://www.youtube.com/watch?v=dQw4w9WgXcQterlalupanjang
other https://www.youtube.com/shorts/
other https://www.youtube.com/source/dQw4w9WgXcQ/shorts
other https://www.youtube.com/embed/videoseries?list=PL123
other https://youtu.be/dQw4w9WgXcQterlalupanjang
other https://www.youtube.com/live_chat?is_popout=1&v=dQw4w9WgXcQ
other https://www.youtube.com/premium
app vnd.youtube:dQw4w9WgXcQ
app vnd.youtube://www.youtube.com/watch?v=dQw4w9WgXcQ
app youtube://watch?v=dQw4w9WgXcQ
"""
