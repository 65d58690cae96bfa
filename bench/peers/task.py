"""What every peer is asked to do: one message to each of many chats, and a line of figures at the end."""

import argparse
import json
import resource
import time
from dataclasses import dataclass, field

TEXT = (
    "<b>Layanan kesehatan gratis</b>\n\n"
    "<b>Apa:</b> Puskesmas melayani pemeriksaan gratis setiap hari kerja.\n"
    "<b>Kenapa penting:</b> Keluarga Anda dapat berobat tanpa biaya di dekat rumah.\n\n"
    "Salin teks di bawah, bagikan, lalu kirim buktinya ke sini."
)
BUTTONS = (("Sudah saya bagikan", "share.done"), ("Konten OPD lain", "content.others"))


@dataclass
class Task:
    """`chats` are to be written to at `url` (a Bot API server). Count with `ok` and `lost`."""

    url: str
    token: str
    chats: list[int]
    in_flight: int
    retries: int
    sent: int = 0
    failures: dict[str, int] = field(default_factory=dict)
    _began: float = field(default_factory=time.perf_counter)
    _cpu: float = field(default_factory=time.process_time)

    def begin(self) -> None:
        """The clock starts when everything is connected, not when Python starts."""
        self._began, self._cpu = time.perf_counter(), time.process_time()

    def lost(self, error: Exception) -> None:
        name = type(error).__name__
        self.failures[name] = self.failures.get(name, 0) + 1

    def tell(self) -> None:
        """The line of figures."""
        print(
            json.dumps(
                {
                    "seconds": time.perf_counter() - self._began,
                    "cpu": time.process_time() - self._cpu,
                    "sent": self.sent,
                    "failures": self.failures,
                    "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
                }
            )
        )


def given() -> Task:
    """The task from the command line."""
    options = argparse.ArgumentParser()
    options.add_argument("--url", required=True)
    options.add_argument("--token", required=True)
    options.add_argument("--first", type=int, default=100_000)
    options.add_argument("--people", type=int, required=True)
    options.add_argument("--each", type=int, default=1, help="messages to each of them")
    options.add_argument("--in-flight", type=int, default=0)
    options.add_argument("--retries", type=int, default=0)
    words = options.parse_args()
    chats = [words.first + number for number in range(words.people)] * words.each
    return Task(words.url, words.token, chats, words.in_flight, words.retries)
