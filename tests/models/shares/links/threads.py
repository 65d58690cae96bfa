"""Threads: one code, whatever host, author and tracking stand around it."""

from tests.models.shares.links import table

SHAPES = [
    *table.shapes(
        "threads", "https://www.threads.com/t/C9aBcDeFgHi", "C9aBcDeFgHi",
        """
        https://www.threads.com/@siti.r/post/C9aBcDeFgHi
        https://www.threads.com/@siti.r/post/C9aBcDeFgHi/
        https://www.threads.com/@siti.r/post/C9aBcDeFgHi?xmt=AQGzAbCd
        https://www.threads.com/t/C9aBcDeFgHi
        https://www.threads.com/t/C9aBcDeFgHi/?igshid=NTc4MTIwNjQ2YQ==
        https://www.threads.net/@siti.r/post/C9aBcDeFgHi
        https://www.threads.net/@siti.r/post/C9aBcDeFgHi/
        https://www.threads.net/@siti.r/post/C9aBcDeFgHi?xmt=AQGzAbCd
        https://www.threads.net/t/C9aBcDeFgHi
        https://www.threads.net/t/C9aBcDeFgHi/?igshid=NTc4MTIwNjQ2YQ==
        https://threads.com/@siti.r/post/C9aBcDeFgHi
        https://threads.com/@siti.r/post/C9aBcDeFgHi/
        https://threads.com/@siti.r/post/C9aBcDeFgHi?xmt=AQGzAbCd
        https://threads.com/t/C9aBcDeFgHi
        https://threads.com/t/C9aBcDeFgHi/?igshid=NTc4MTIwNjQ2YQ==
        https://threads.net/@siti.r/post/C9aBcDeFgHi
        https://threads.net/@siti.r/post/C9aBcDeFgHi/
        https://threads.net/@siti.r/post/C9aBcDeFgHi?xmt=AQGzAbCd
        https://threads.net/t/C9aBcDeFgHi
        https://threads.net/t/C9aBcDeFgHi/?igshid=NTc4MTIwNjQ2YQ==
        https://www.threads.com/@siti.r/post/C9aBcDeFgHi?xmt=AQF0AbCd&slof=1
        https://www.threads.net/@siti.r/post/C9aBcDeFgHi/?xmt=AQGzAbCd&slof=1
        https://www.threads.net/@siti.r/post/C9aBcDeFgHi?igshid=NTc4MTIwNjQ2YQ==
        https://www.threads.net/@siti.r/post/C9aBcDeFgHi/?igshid=MzRlODBiNWFlZA%3D%3D
        https://www.threads.com/@siti.r/post/C9aBcDeFgHi?hl=id
        https://www.threads.com/@siti.r/post/C9aBcDeFgHi?fbclid=PAZXh0bgNhZW0
        https://www.threads.com/@siti.r/post/C9aBcDeFgHi?utm_source=ig_embed
        https://www.threads.com/@siti.r/post/C9aBcDeFgHi/media
        https://www.threads.com/@siti.r/post/C9aBcDeFgHi/embed
        https://www.threads.net/@siti.r/post/C9aBcDeFgHi/embed/?id=1
        https://www.threads.com/@Siti.R/post/C9aBcDeFgHi
        https://www.threads.com/@dinkes_jambi/post/C9aBcDeFgHi
        https://www.threads.com/%40siti.r/post/C9aBcDeFgHi
        https://www.threads.com/@siti.r/post/C9aBcDeFgHi#balasan
        http://www.threads.net/@siti.r/post/C9aBcDeFgHi
        http://threads.net/t/C9aBcDeFgHi
        threads.net/@siti.r/post/C9aBcDeFgHi
        threads.com/@siti.r/post/C9aBcDeFgHi?xmt=AQ
        www.threads.net/@siti.r/post/C9aBcDeFgHi
        www.threads.com/t/C9aBcDeFgHi
        HTTPS://WWW.THREADS.NET/@siti.r/post/C9aBcDeFgHi
        Threads.net/@siti.r/post/C9aBcDeFgHi
        https://www.threads.com:443/@siti.r/post/C9aBcDeFgHi
        https://www.threads.com./@siti.r/post/C9aBcDeFgHi
        https://www.threads.com//@siti.r//post//C9aBcDeFgHi
        https://www.threads.com/@siti.r/post/C9aBcDeFgHi?xmt=AQ&amp;slof=1
        https%3A%2F%2Fwww.threads.net%2F%40siti.r%2Fpost%2FC9aBcDeFgHi
        https://l.threads.com/?u=https%3A%2F%2Fwww.threads.com%2F%40siti.r%2Fpost%2FC9aBcDeFgHi&e=AT1
        https://l.threads.net/?u=https%3A%2F%2Fthreads.net%2Ft%2FC9aBcDeFgHi&e=AT1
        https://l.instagram.com/?u=https%3A%2F%2Fwww.threads.net%2Ft%2FC9aBcDeFgHi&e=AT1
        https://www.threads.net/@siti.r/post/C9aBcDeFgHiZyXwVuTsRqPoNmLkJiHgFeDcBa98
        """,
    ),
    *table.shapes(
        "threads", "https://www.threads.com/t/DAbC-d_EfG_", "DAbC-d_EfG_",
        """
        https://www.threads.net/@siti.r/post/DAbC-d_EfG_
        https://www.threads.com/t/DAbC-d_EfG_
        """,
    ),
]  # fmt: skip

NO_POST = """
home https://www.threads.net/
home https://www.threads.com
profile https://www.threads.net/@siti
profile https://www.threads.com/@siti.r?xmt=AQ
profile https://www.threads.com/@siti.r/replies
profile https://www.threads.com/@siti.r/post/
profile https://www.threads.com/@siti.r/post/abc
login https://www.threads.com/login
login https://www.threads.net/login/?next=%2F%40siti%2Fpost%2FC9aBcDeFgHi
search https://www.threads.com/search?q=jambi
search https://www.threads.com/search/?q=jambi&serp_type=tags
other https://www.threads.net/intent/post?text=halo
other https://www.threads.com/settings
home https://www.threads.com/following
other https://www.threads.com/t/
app barcelona://media?id=3412345678901234567
app android-app://com.instagram.barcelona/https/www.threads.net/t/C9aBcDeFgHi
"""
