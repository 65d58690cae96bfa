# ruff: noqa: E501 - a table of addresses is read line by line
"""Facebook: posts, groups, photos, videos, stories and short links, of www, m, mbasic, web and the apps."""

from tests.models.shares.links import table

SHAPES = [
    *table.shapes(
        "facebook", "https://www.facebook.com/siti.rahma/posts/pfbid02AbCdEfGhJkLmNpQrStUvWxYz1aBcDeFgHiJkLmNoPqRsTuVwXyZ12l", "pfbid02AbCdEfGhJkLmNpQrStUvWxYz1aBcDeFgHiJkLmNoPqRsTuVwXyZ12l",
        """
        https://www.facebook.com/siti.rahma/posts/pfbid02AbCdEfGhJkLmNpQrStUvWxYz1aBcDeFgHiJkLmNoPqRsTuVwXyZ12l
        https://www.facebook.com/Siti.Rahma/posts/pfbid02AbCdEfGhJkLmNpQrStUvWxYz1aBcDeFgHiJkLmNoPqRsTuVwXyZ12l/
        https://m.facebook.com/siti.rahma/posts/pfbid02AbCdEfGhJkLmNpQrStUvWxYz1aBcDeFgHiJkLmNoPqRsTuVwXyZ12l
        https://web.facebook.com/siti.rahma/posts/pfbid02AbCdEfGhJkLmNpQrStUvWxYz1aBcDeFgHiJkLmNoPqRsTuVwXyZ12l?_rdc=1&_rdr
        https://id-id.facebook.com/siti.rahma/posts/pfbid02AbCdEfGhJkLmNpQrStUvWxYz1aBcDeFgHiJkLmNoPqRsTuVwXyZ12l
        https://www.facebook.com/siti.rahma/posts/pfbid02AbCdEfGhJkLmNpQrStUvWxYz1aBcDeFgHiJkLmNoPqRsTuVwXyZ12l?__cft__[0]=AZXkd&__tn__=%2CO%2CP-R
        https://www.facebook.com/siti.rahma/posts/pfbid02AbCdEfGhJkLmNpQrStUvWxYz1aBcDeFgHiJkLmNoPqRsTuVwXyZ12l?mibextid=Nif5oz
        https://www.facebook.com/siti.rahma/posts/pfbid02AbCdEfGhJkLmNpQrStUvWxYz1aBcDeFgHiJkLmNoPqRsTuVwXyZ12l?rdid=kX9aBcDeFgHiJkLm#
        https://www.facebook.com/siti.rahma/posts/imunisasi-gratis/pfbid02AbCdEfGhJkLmNpQrStUvWxYz1aBcDeFgHiJkLmNoPqRsTuVwXyZ12l
        https://www.facebook.com/siti.rahma/posts/pfbid02AbCdEfGhJkLmNpQrStUvWxYz1aBcDeFgHiJkLmNoPqRsTuVwXyZ12l?comment_id=987654321012345
        https://fb.com/siti.rahma/posts/pfbid02AbCdEfGhJkLmNpQrStUvWxYz1aBcDeFgHiJkLmNoPqRsTuVwXyZ12l
        HTTPS://WWW.FACEBOOK.COM/siti.rahma/posts/pfbid02AbCdEfGhJkLmNpQrStUvWxYz1aBcDeFgHiJkLmNoPqRsTuVwXyZ12l
        """,
    ),
    *table.shapes(
        "facebook", "https://www.facebook.com/100012345678901/posts/pfbid02AbCdEfGhJkLmNpQrStUvWxYz1aBcDeFgHiJkLmNoPqRsTuVwXyZ12l", "pfbid02AbCdEfGhJkLmNpQrStUvWxYz1aBcDeFgHiJkLmNoPqRsTuVwXyZ12l",
        """
        https://www.facebook.com/permalink.php?story_fbid=pfbid02AbCdEfGhJkLmNpQrStUvWxYz1aBcDeFgHiJkLmNoPqRsTuVwXyZ12l&id=100012345678901
        https://www.facebook.com/permalink.php?id=100012345678901&story_fbid=pfbid02AbCdEfGhJkLmNpQrStUvWxYz1aBcDeFgHiJkLmNoPqRsTuVwXyZ12l&rdid=abc
        https://m.facebook.com/story.php?story_fbid=pfbid02AbCdEfGhJkLmNpQrStUvWxYz1aBcDeFgHiJkLmNoPqRsTuVwXyZ12l&id=100012345678901
        https://m.facebook.com/story.php?story_fbid=pfbid02AbCdEfGhJkLmNpQrStUvWxYz1aBcDeFgHiJkLmNoPqRsTuVwXyZ12l&id=100012345678901&mibextid=Nif5oz
        https://m.facebook.com/story.php/?story_fbid=pfbid02AbCdEfGhJkLmNpQrStUvWxYz1aBcDeFgHiJkLmNoPqRsTuVwXyZ12l&id=100012345678901&sfnsn=wiwspwa
        https://mbasic.facebook.com/story.php?id=100012345678901&story_fbid=pfbid02AbCdEfGhJkLmNpQrStUvWxYz1aBcDeFgHiJkLmNoPqRsTuVwXyZ12l&refid=17&_ft_=encrypted
        https://touch.facebook.com/story.php?story_fbid=pfbid02AbCdEfGhJkLmNpQrStUvWxYz1aBcDeFgHiJkLmNoPqRsTuVwXyZ12l&amp;id=100012345678901
        https://free.facebook.com/story.php?story_fbid=pfbid02AbCdEfGhJkLmNpQrStUvWxYz1aBcDeFgHiJkLmNoPqRsTuVwXyZ12l&id=100012345678901
        https://www.facebook.com/100012345678901/posts/pfbid02AbCdEfGhJkLmNpQrStUvWxYz1aBcDeFgHiJkLmNoPqRsTuVwXyZ12l/?app=fbl
        https://l.facebook.com/l.php?u=https%3A%2F%2Fwww.facebook.com%2Fpermalink.php%3Fstory_fbid%3Dpfbid02AbCdEfGhJkLmNpQrStUvWxYz1aBcDeFgHiJkLmNoPqRsTuVwXyZ12l%26id%3D100012345678901&h=AT1
        https://www.facebook.com/plugins/post.php?href=https%3A%2F%2Fwww.facebook.com%2F100012345678901%2Fposts%2Fpfbid02AbCdEfGhJkLmNpQrStUvWxYz1aBcDeFgHiJkLmNoPqRsTuVwXyZ12l&width=500
        """,
    ),
    *table.shapes(
        "facebook", "https://www.facebook.com/dinkes/posts/122101234567890", "122101234567890",
        """
        https://www.facebook.com/dinkes/posts/122101234567890
        https://www.facebook.com/DinKes/posts/imunisasi-gratis-di-jambi/122101234567890/
        https://m.facebook.com/dinkes/posts/122101234567890?locale2=id_ID
        https://mobile.facebook.com/dinkes/posts/122101234567890
        https://business.facebook.com/dinkes/posts/122101234567890
        https://www.facebook.com/dinkes/activity/122101234567890
        """,
    ),
    *table.shapes(
        "facebook", "https://www.facebook.com/100064123456789/posts/122101234567890", "122101234567890",
        """
        https://www.facebook.com/story.php?story_fbid=122101234567890&id=100064123456789
        https://www.facebook.com/100064123456789_122101234567890
        """,
    ),
    *table.shapes(
        "facebook", "https://www.facebook.com/groups/wargajambi/posts/987654321012345", "987654321012345",
        """
        https://www.facebook.com/groups/WargaJambi/posts/987654321012345/
        https://www.facebook.com/groups/wargajambi/permalink/987654321012345/
        https://m.facebook.com/groups/wargajambi/permalink/987654321012345/?mibextid=Nif5oz
        https://www.facebook.com/groups/wargajambi/?multi_permalinks=987654321012345&hoisted_section_header_type=recently_seen
        https://www.facebook.com/groups/wargajambi?multi_permalinks=987654321012345%2C987654321012346
        https://m.facebook.com/groups/wargajambi?view=permalink&id=987654321012345
        https://www.facebook.com/groups/wargajambi/posts/987654321012345/?comment_id=1&reply_comment_id=2
        """,
    ),
    *table.shapes(
        "facebook", "https://www.facebook.com/groups/123456789012/posts/987654321012346", "987654321012346",
        """
        https://www.facebook.com/groups/123456789012/permalink/987654321012346/
        https://mbasic.facebook.com/groups/123456789012?view=permalink&id=987654321012346&refid=18
        """,
    ),
    *table.shapes(
        "facebook", "https://www.facebook.com/photo/?fbid=122101234567891", "122101234567891",
        """
        https://www.facebook.com/photo/?fbid=122101234567891&set=a.122101234500000
        https://www.facebook.com/photo?fbid=122101234567891&set=pcb.122101234567999
        https://web.facebook.com/photo/?fbid=122101234567891&set=a.1
        https://m.facebook.com/photo.php?fbid=122101234567891&id=100012345678901&set=a.1
        https://www.facebook.com/photo.php?set=gm.987654321012345&fbid=122101234567891
        https://www.facebook.com/siti/photos/a.123456/122101234567891/
        https://www.facebook.com/siti/photos/a.123.456.789/122101234567891/?type=3&theater
        https://www.facebook.com/dinkes/photos/122101234567891
        https://mbasic.facebook.com/photo.php?fbid=122101234567891&id=1000&refid=13
        """,
    ),
    *table.shapes(
        "facebook", "https://www.facebook.com/media/set/?set=a.122101234500000", "a.122101234500000",
        """
        https://www.facebook.com/media/set/?set=a.122101234500000&type=3
        https://m.facebook.com/media/set/?set=a.122101234500000&mibextid=Nif5oz
        """,
    ),
    *table.shapes(
        "facebook", "https://www.facebook.com/media/set/?set=pcb.122101234567999", "pcb.122101234567999",
        """
        https://www.facebook.com/media/set?set=pcb.122101234567999
        """,
    ),
    *table.shapes(
        "facebook", "https://www.facebook.com/watch/?v=987654321012399", "987654321012399",
        """
        https://www.facebook.com/watch/?v=987654321012399
        https://www.facebook.com/watch?v=987654321012399&ref=sharing
        https://m.facebook.com/watch/?v=987654321012399&mibextid=NOb6eG
        https://www.facebook.com/watch/live/?ref=watch_permalink&v=987654321012399
        https://www.facebook.com/dinkesjambi/videos/987654321012399/
        https://www.facebook.com/dinkesjambi/videos/posyandu-sehat/987654321012399/
        https://www.facebook.com/dinkesjambi/videos/vb.100/987654321012399/?type=2&theater
        https://www.facebook.com/video.php?v=987654321012399
        https://www.facebook.com/plugins/video.php?height=314&href=https%3A%2F%2Fwww.facebook.com%2Fdinkesjambi%2Fvideos%2F987654321012399%2F
        https://www.facebook.com/reel/987654321012399
        https://www.facebook.com/reel/987654321012399/?mibextid=rS40aB7S9Ucbxw6v
        https://m.facebook.com/reel/987654321012399/?s=single_unit&fs=e
        https://fb.com/reel/987654321012399
        https://jv-id.facebook.com/reel/987654321012399/
        """,
    ),
    *table.shapes(
        "facebook", "https://www.facebook.com/stories/122101234567890/UzpfSVNDOjEyMzQ1Njc4", "UzpfSVNDOjEyMzQ1Njc4",
        """
        https://www.facebook.com/stories/122101234567890/UzpfSVNDOjEyMzQ1Njc4/?view_single=1
        https://m.facebook.com/stories/122101234567890/UzpfSVNDOjEyMzQ1Njc4==/?bucket_count=9&source=story_tray
        https://www.facebook.com/stories/122101234567890/UzpfSVNDOjEyMzQ1Njc4%3D%3D
        """,
    ),
    *table.shapes(
        "facebook", "https://www.facebook.com/share/p/1AbCdEfGhI", "",
        """
        https://www.facebook.com/share/p/1AbCdEfGhI/
        https://www.facebook.com/share/p/1AbCdEfGhI/?mibextid=wwXIfr
        https://m.facebook.com/share/p/1AbCdEfGhI
        https://web.facebook.com/share/p/1AbCdEfGhI/?_rdc=1&_rdr#
        facebook.com/share/p/1AbCdEfGhI
        """,
    ),
    *table.shapes(
        "facebook", "https://www.facebook.com/share/v/1AbCdEfGhI", "",
        """
        https://www.facebook.com/share/v/1AbCdEfGhI/
        """,
    ),
    *table.shapes(
        "facebook", "https://www.facebook.com/share/r/1AbCdEfGhI", "",
        """
        https://www.facebook.com/share/r/1AbCdEfGhI/?mibextid=oFDknk
        """,
    ),
    *table.shapes(
        "facebook", "https://www.facebook.com/share/1AbCdEfGhI", "",
        """
        https://www.facebook.com/share/1AbCdEfGhI/
        """,
    ),
    *table.shapes(
        "facebook", "https://fb.watch/abCD12_-x", "",
        """
        https://fb.watch/abCD12_-x/
        https://www.fb.watch/abCD12_-x/?mibextid=Nif5oz
        https://lm.facebook.com/l.php?u=https%3A%2F%2Ffb.watch%2FabCD12_-x%2F&h=AT
        """,
    ),
    *table.shapes(
        "facebook", "https://fb.watch/v/1AbCdEfGh", "",
        """
        https://fb.watch/v/1AbCdEfGh/
        """,
    ),
]  # fmt: skip

NO_POST = """
home https://www.facebook.com/
home https://m.facebook.com/home.php
home https://fb.watch/
home https://www.facebook.com/?sk=h_chr
profile https://www.facebook.com/siti.rahma
profile https://www.facebook.com/siti.rahma?mibextid=ZbWKwL
profile https://www.facebook.com/profile.php?id=100012345678901
profile https://www.facebook.com/people/Siti-Rahma/100012345678901/
profile https://www.facebook.com/p/Dinas-Kesehatan-100064123456789/
profile https://www.facebook.com/100012345678901
profile https://www.facebook.com/pages/Dinkes/123456789
login https://www.facebook.com/login.php?next=https%3A%2F%2Fwww.facebook.com%2Fdinkes%2Fposts%2F122101234567890
login https://m.facebook.com/login/?next=x
login https://www.facebook.com/checkpoint/1501092823525282/
search https://www.facebook.com/hashtag/jambi
search https://www.facebook.com/search/top/?q=jambi
group https://www.facebook.com/groups/wargajambi/
group https://www.facebook.com/groups/123456789012/user/100012345678901/
group https://www.facebook.com/share/g/1AbCdEfGhI/
other https://www.facebook.com/share/e/1AbCdEfGhI/
other https://www.facebook.com/events/123456789012345/
other https://www.facebook.com/watch/
other https://www.facebook.com/reel/?s=tab
other https://www.facebook.com/stories/122101234567890/
other https://www.facebook.com/permalink.php?story_fbid=122101234567890
other https://www.facebook.com/sharer/sharer.php?u=https%3A%2F%2Fwww.instagram.com%2Fp%2FC9aBcDeFgHi%2F
other https://www.facebook.com/marketplace/item/123456789012345/
other https://l.facebook.com/l.php?h=AT1
other https://m.me/j/AbCdEfGhIj
app fb://photo/122101234567890
app fb-messenger://user/1000
app intent://www.facebook.com/reel/987654321012345#Intent;package=com.facebook.katana;scheme=https;end
"""
