"""As much of S3 as a store of files needs, over real HTTP."""

import contextlib
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar


class S3(BaseHTTPRequestHandler):
    """One bucket, whose files are `held` by path."""

    protocol_version = "HTTP/1.1"
    held: ClassVar[dict[str, bytes]]

    def answer(self, status: int, body: bytes = b"", **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        if "Content_Length" not in headers:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_PUT(self) -> None:
        assert self.headers["Authorization"].startswith("AWS4-HMAC-SHA256 Credential=key-id/")
        self.held[self.path] = self.rfile.read(int(self.headers["Content-Length"]))
        self.answer(200, ETag='"1"')

    def do_GET(self) -> None:
        if self.path not in self.held:
            self.answer(404, b"<Error><Code>NoSuchKey</Code></Error>")
            return
        stamp = "Wed, 25 Nov 2026 06:00:00 GMT"
        self.answer(200, self.held[self.path], ETag='"1"', Last_Modified=stamp)

    def do_HEAD(self) -> None:
        if self.path not in self.held:
            self.answer(404)
            return
        size, stamp = str(len(self.held[self.path])), "Wed, 25 Nov 2026 06:00:00 GMT"
        self.answer(200, ETag='"1"', Last_Modified=stamp, Content_Length=size)

    def do_DELETE(self) -> None:
        self.answer(204 if self.held.pop(self.path, None) is not None else 404)

    def do_POST(self) -> None:  # several at once, as obstore deletes
        length = int(self.headers["Content-Length"])
        keys = self.rfile.read(length).decode().split("<Key>")[1:]
        names = [key.split("</Key>")[0] for key in keys]
        for name in names:
            self.held.pop(f"/bucket/{name}", None)
        gone = "".join(f"<Deleted><Key>{name}</Key></Deleted>" for name in names)
        self.answer(200, f"<DeleteResult>{gone}</DeleteResult>".encode())

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        pass


@contextlib.contextmanager
def serving() -> Iterator[str]:
    """The address of a server with an empty bucket, as long as the block lasts."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Bucket", (S3,), {"held": {}}))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def environment(url: str) -> dict[str, str]:
    """How a store finds it."""
    return {
        "AWS_ENDPOINT": url,
        "AWS_ALLOW_HTTP": "true",
        "AWS_ACCESS_KEY_ID": "key-id",
        "AWS_SECRET_ACCESS_KEY": "key-secret",
        "AWS_REGION": "auto",
    }
