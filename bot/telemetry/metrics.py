"""What `/metrics` shows, in a registry of our own.

Counters count what this process did. Depths and progress are read from the database whenever somebody
asks, because several processes share it and a counter in memory would forget at a restart.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

REGISTRY = CollectorRegistry()


def _counter(name: str, text: str, *labels: str) -> Counter:
    return Counter(f"satu_pesan_{name}", text, labels, registry=REGISTRY)


inbox_received = _counter("inbox_received", "Updates stored in the inbox", "channel")
inbox_repeated = _counter("inbox_repeated", "Updates that had been stored before", "channel")
inbox_handled = _counter("inbox_handled", "Messages handled", "channel")
inbox_failed = _counter("inbox_failed", "Attempts at a message that raised an error", "channel")
inbox_dead = _counter("inbox_dead", "Messages given up after their last attempt", "channel")
outbox_sent = _counter("outbox_sent", "Calls that the channel accepted", "channel", "kind")
outbox_failed = _counter(
    "outbox_failed", "Calls that failed, by what that means", "channel", "kind", "failure"
)
throttle_pauses = _counter("throttle_pauses", "Times that a channel told everybody to wait", "channel")
throttle_crowded = _counter(
    "throttle_crowded", "Messages that a channel had no room for just then", "channel"
)
throttle_seconds = _counter("throttle_seconds", "Seconds that a channel told everybody to wait", "channel")
webhooks_refused = _counter("webhooks_refused", "Webhook calls without a valid signature", "channel")
status_reports = _counter("status_reports", "Reports on our messages, stored", "channel")
status_reports_repeated = _counter(
    "status_reports_repeated", "Reports on our messages that had been stored before", "channel"
)
status_reports_strange = _counter(
    "status_reports_strange", "Reports that refer to no message of ours, or to one to another address"
)
links_refused = _counter("links_refused", "Requests for files with a link that is forged, or over")
media_stored = _counter("media_stored", "Files stored", "kind")
media_bytes = _counter("media_bytes", "Bytes of the files stored", "kind")
media_refused = _counter("media_refused", "Files refused", "reason")
evidence_examined = _counter(
    "evidence_examined", "Evidence that the program looked at, by what it saw", "kind"
)
shares_judged = _counter(
    "shares_judged", "Shares of which all evidence was looked at, by their state", "state"
)
job_runs = _counter("job_runs", "Scheduler jobs that came due", "job", "result")
database_errors = _counter("database_errors", "Database errors", "where")
send_seconds = Histogram(
    "satu_pesan_send_seconds",
    "Duration of one call to the channel",
    ("channel",),
    registry=REGISTRY,
    buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30),
)
handle_seconds = Histogram(
    "satu_pesan_handle_seconds",
    "Duration of handling one message, commit excluded",
    registry=REGISTRY,
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5),
)


@dataclass(frozen=True, slots=True)
class Depth:
    """How many rows wait, and for how many seconds the oldest one that is due does so."""

    waiting: int = 0
    oldest_seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What the database says now. `outbox` is by priority ("reply", "notice", "bulk"); `releases` the
    rows of each running release by state, under its week ("2026-W48")."""

    inbox: Depth = Depth()
    outbox: Mapping[str, Depth] = field(default_factory=dict)
    dead: int = 0
    releases: Mapping[str, Mapping[str, int]] = field(default_factory=dict)


class _FromDatabase(Collector):
    """Asks `read` at each rendering. When it fails, the other metrics are shown all the same."""

    def __init__(self) -> None:
        self.read: Callable[[], Snapshot] | None = None

    def describe(self) -> Iterator[Metric]:
        return iter(())  # registering must not ask the database

    def collect(self) -> Iterator[Metric]:
        if self.read is None:
            return
        up = GaugeMetricFamily("satu_pesan_database_up", "Whether the database could be read just now")
        try:
            snapshot = self.read()
        except Exception:  # whatever it was, /metrics is how it becomes known
            database_errors.labels(where="metrics").inc()
            up.add_metric((), 0)
            yield up
            return
        up.add_metric((), 1)
        yield up
        yield from _gauges(snapshot)


_from_database = _FromDatabase()
REGISTRY.register(_from_database)


def watch(read: Callable[[], Snapshot] | None) -> None:
    """From now on `render` asks `read` for the depths; it is called in the thread that renders."""
    _from_database.read = read


def render() -> bytes:
    """The text that Prometheus reads (content type `prometheus_client.CONTENT_TYPE_LATEST`)."""
    return generate_latest(REGISTRY)


def _gauges(snapshot: Snapshot) -> Iterator[Metric]:
    waiting = GaugeMetricFamily("satu_pesan_waiting", "Rows that wait", labels=("box", "priority"))
    oldest = GaugeMetricFamily(
        "satu_pesan_oldest_seconds", "Age of the oldest row that is due", labels=("box", "priority")
    )
    boxes = [
        ("inbox", "", snapshot.inbox),
        *(("outbox", name, held) for name, held in snapshot.outbox.items()),
    ]
    for box, priority, depth in boxes:
        waiting.add_metric((box, priority), depth.waiting)
        oldest.add_metric((box, priority), depth.oldest_seconds)
    yield waiting
    yield oldest
    yield GaugeMetricFamily("satu_pesan_inbox_dead_rows", "Messages set aside", value=snapshot.dead)
    rows = GaugeMetricFamily("satu_pesan_release_rows", "People of a release", labels=("week", "state"))
    for week, states in snapshot.releases.items():
        for state, count in states.items():
            rows.add_metric((week, state), count)
    yield rows
