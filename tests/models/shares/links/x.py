"""X, once Twitter: the number alone names the post."""

from tests.models.shares.links import table

SHAPES = [
    *table.shapes(
        "x", "https://x.com/i/status/1860012345678901234", "1860012345678901234",
        """
        https://x.com/siti/status/1860012345678901234
        https://x.com/siti/status/1860012345678901234/
        https://x.com/siti/status/1860012345678901234?s=20
        https://x.com/siti/status/1860012345678901234?s=46
        https://x.com/siti/status/1860012345678901234?s=46&t=Ab-Cd_EfGhIjKlMnOpQr
        https://x.com/siti/status/1860012345678901234?t=Ab-Cd_EfGhIjKlMnOpQrSt&s=19
        https://x.com/siti/status/1860012345678901234?t=Ab-Cd_EfGhIjKlMnOpQrSt&s=08
        https://x.com/siti/status/1860012345678901234?s=12&t=abc
        https://x.com/siti/status/1860012345678901234?s=48&t=abc
        https://x.com/siti/status/1860012345678901234?ref_src=twsrc%5Etfw
        https://x.com/siti/status/1860012345678901234?ref_src=twsrc%5Etfw%7Ctwcamp%5Etweetembed%7Ctwterm%5E1860012345678901234%7Ctwgr%5E%7Ctwcon%5Es1_
        https://x.com/siti/status/1860012345678901234?cxt=HHwWgMC9
        https://x.com/siti/status/1860012345678901234?lang=id
        https://x.com/siti/status/1860012345678901234?mx=2
        https://x.com/siti/status/1860012345678901234/photo/1
        https://x.com/siti/status/1860012345678901234/photo/4?s=20
        https://x.com/siti/status/1860012345678901234/video/1
        https://x.com/siti/status/1860012345678901234/mediaViewer?currentTweet=1860012345678901234&currentTweetUser=siti
        https://x.com/siti/status/1860012345678901234/analytics
        https://x.com/siti/status/1860012345678901234/likes
        https://x.com/siti/status/1860012345678901234/quotes
        https://x.com/siti/status/1860012345678901234/retweets/with_comments
        https://x.com/siti/status/1860012345678901234/history
        https://x.com/siti/status/1860012345678901234#m
        https://x.com/Dinas_Kes01/status/1860012345678901234
        https://x.com/SITI/status/1860012345678901234
        https://x.com/@siti/status/1860012345678901234
        https://x.com/siti/article/1860012345678901234
        https://x.com/i/status/1860012345678901234
        x.com/i/status/1860012345678901234
        https://x.com/i/web/status/1860012345678901234
        https://twitter.com/i/web/status/1860012345678901234
        https://twitter.com/i/status/1860012345678901234?s=20
        https://twitter.com/siti/status/1860012345678901234
        https://twitter.com/siti/statuses/1860012345678901234
        https://twitter.com/siti/status/1860012345678901234?s=20&t=Ab-Cd
        https://www.twitter.com/siti/status/1860012345678901234
        https://mobile.twitter.com/siti/status/1860012345678901234
        https://mobile.twitter.com/siti/status/1860012345678901234/photo/1
        https://m.twitter.com/siti/status/1860012345678901234
        https://mobile.x.com/siti/status/1860012345678901234
        https://www.x.com/siti/status/1860012345678901234
        http://x.com/siti/status/1860012345678901234
        http://twitter.com/siti/status/1860012345678901234?ref=share
        twitter.com/siti/status/1860012345678901234
        x.com/siti/status/1860012345678901234?s=20
        www.x.com/siti/status/1860012345678901234
        HTTPS://X.COM/siti/status/1860012345678901234
        X.com/siti/status/1860012345678901234
        https://x.com:443/siti/status/1860012345678901234
        https://x.com./siti/status/1860012345678901234
        https://x.com//siti//status//1860012345678901234
        https://x.com/siti/status/1860012345678901234?s=20&amp;t=abc
        https://x.com/siti%2Fstatus%2F1860012345678901234
        https%3A%2F%2Fx.com%2Fsiti%2Fstatus%2F1860012345678901234%3Fs%3D20
        https://l.facebook.com/l.php?u=https%3A%2F%2Fx.com%2Fsiti%2Fstatus%2F1860012345678901234&h=AT1
        https://www.google.com/url?sa=t&q=https%3A%2F%2Ftwitter.com%2Fsiti%2Fstatus%2F1860012345678901234
        """,
    ),
    *table.shapes(
        "x", "https://pic.x.com/AbCdEfGhIj", "",
        """
        https://pic.x.com/AbCdEfGhIj
        pic.twitter.com/AbCdEfGhIj
        """,
    ),
]  # fmt: skip

NO_POST = """
home https://x.com/
home https://x.com/home
home https://twitter.com
profile https://x.com/siti
profile https://twitter.com/DinkesJambi?s=20
other https://x.com/siti/with_replies
other https://x.com/siti/status/
other https://x.com/siti/status/abc
other https://x.com/siti/status/1860012345678901234lihat
login https://x.com/i/flow/login?redirect_after_login=%2Fsiti%2Fstatus%2F1860012345678901234
login https://twitter.com/login
search https://x.com/explore
search https://x.com/search?q=jambi&src=typed_query
search https://x.com/hashtag/jambi
other https://x.com/intent/post?text=halo
other https://twitter.com/intent/tweet?text=halo&url=https%3A%2F%2Fx.com%2Fsiti%2Fstatus%2F1860012345678901234
other https://twitter.com/share?url=https%3A%2F%2Fcontoh.id
group https://x.com/i/communities/1860012345678901234
other https://x.com/i/spaces/1AbCdEfGhIjKl
other https://x.com/i/lists/1860012345678901234
other https://x.com/i/article/1860012345678901234
other https://x.com/messages/1-2
app twitter://status?id=1860012345678901234
app intent://x.com/siti/status/1860012345678901234#Intent;package=com.twitter.android;scheme=https;end
"""
