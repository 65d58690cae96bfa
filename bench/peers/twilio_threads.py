"""The twilio library as its quick start shows it, in 16 threads: one message to each of many people."""

from concurrent.futures import ThreadPoolExecutor

from twilio.base.exceptions import TwilioException
from twilio.http.http_client import TwilioHttpClient
from twilio.rest import Client

from bench.peers import task
from bot.simulator import process

THREADS = 16
SECONDS = 20.0


def main() -> None:
    work = task.given()
    client = Client(  # type: ignore[no-untyped-call]
        process.ACCOUNT_SID, process.AUTH_TOKEN, http_client=TwilioHttpClient(timeout=SECONDS)
    )
    client.api.base_url = work.url

    def send(chat: int) -> None:
        try:
            to, sender = f"whatsapp:+62{chat}", f"whatsapp:{process.SENDER}"
            client.messages.create(to=to, from_=sender, body=task.TEXT)
            work.sent += 1
        except (TwilioException, OSError) as error:
            work.lost(error)

    work.begin()
    with ThreadPoolExecutor(THREADS) as threads:
        list(threads.map(send, work.chats))
    work.tell()


main()
