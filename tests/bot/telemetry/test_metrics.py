"""Metrics: counters of this process, depths from the database."""

from collections.abc import Iterator

import pytest

from bot.telemetry import metrics


@pytest.fixture(autouse=True)
def nobody_watches_afterwards() -> Iterator[None]:
    yield
    metrics.watch(None)


def value(name: str, **labels: str) -> float | None:
    return metrics.REGISTRY.get_sample_value(f"satu_pesan_{name}", labels)


def test_what_happened_is_rendered_for_prometheus() -> None:
    before = value("outbox_sent_total", channel="telegram", kind="bulk") or 0
    metrics.outbox_sent.labels(channel="telegram", kind="bulk").inc(3)
    metrics.send_seconds.labels(channel="telegram").observe(0.2)
    text = metrics.render().decode()
    assert f'satu_pesan_outbox_sent_total{{channel="telegram",kind="bulk"}} {before + 3}' in text
    assert 'satu_pesan_send_seconds_bucket{channel="telegram",le="0.25"}' in text


def test_depths_and_progress_are_read_at_each_rendering() -> None:
    waiting = [5]

    def read() -> metrics.Snapshot:
        return metrics.Snapshot(
            inbox=metrics.Depth(waiting[0], 1.5),
            outbox={"bulk": metrics.Depth(14_000, 60.0)},
            dead=2,
            releases={"2026-W48": {"delivered": 900, "failed": 3}},
        )

    metrics.watch(read)
    assert value("waiting", box="inbox", priority="") == 5
    waiting[0] = 6
    assert value("waiting", box="inbox", priority="") == 6
    assert value("oldest_seconds", box="outbox", priority="bulk") == 60
    assert value("inbox_dead_rows") == 2
    assert value("release_rows", week="2026-W48", state="delivered") == 900
    assert value("database_up") == 1


def test_a_database_that_is_away_does_not_take_the_other_metrics_along() -> None:
    def read() -> metrics.Snapshot:
        raise OSError("connection refused")

    metrics.watch(read)
    before = value("database_errors_total", where="metrics") or 0
    text = metrics.render().decode()
    assert "satu_pesan_database_up 0.0" in text
    assert "satu_pesan_waiting" not in text
    assert "satu_pesan_inbox_received" in text
    assert (value("database_errors_total", where="metrics") or 0) > before
