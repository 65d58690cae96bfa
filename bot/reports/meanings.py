"""Every figure of the pack: its name and its sentence (the catalogue's `figure.*` and `define.*`), where it
stands in a snapshot, and which function counts it."""

from dataclasses import dataclass

from bot.texts import rendering
from models.figures import figures as counted


@dataclass(frozen=True, slots=True)
class Meaning:
    """A figure. `keys` are its places in a snapshot ("opd.roster"), none where it is worked out from others;
    `where` is the function that counts it, or the class of the setting that it is."""

    figure: str
    where: str
    keys: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        return rendering.label(f"figure.{self.figure}", {})

    @property
    def sentence(self) -> str:
        return rendering.label(f"define.{self.figure}", {})


MEANINGS = (
    Meaning("week", "models.programme.weeks.of", ("week", "trend.week")),
    Meaning("coming_week", "models.programme.weeks.shift", ("coming_week",)),
    Meaning("roster", "models.figures.headcounts.roster", ("roster", "opd.roster")),
    Meaning("joined", "models.figures.headcounts.joined", ("joined", "opd.joined")),
    Meaning("active", "models.figures.headcounts.active", ("active", "opd.active")),
    Meaning(
        "participation",
        "models.figures.figures.share",
        ("participation", "opd.participation", "trend.participation"),
    ),
    Meaning("previous", "models.figures.snapshots.past", ("previous", "opd.previous")),
    Meaning("change", "models.figures.figures.change"),
    Meaning("target", "models.programme.programme.Programme", ("target",)),
    Meaning("target_date", "models.digests.digests.target_date", ("target_date",)),
    Meaning("path", "models.figures.forecasts.path", ("goal.path",)),
    Meaning("forecast", "models.figures.forecasts.goal", ("goal.value", "goal.low", "goal.high")),
    Meaning("falling", "models.figures.forecasts.falling", ("goal.falling",)),
    Meaning("trend", "models.figures.snapshots.past", ("trend",)),
    Meaning("agencies", "models.figures.headcounts.by_opd", ("agencies", "opd")),
    Meaning("code", "models.figures.staffing.teams", ("opd.code", "opd.name")),
    Meaning("band", "models.figures.figures.band", ("opd.band",)),
    Meaning("rank", "models.figures.figures.ranks"),
    Meaning("shares", "models.figures.tallies.shares", ("shares", "opd.shares")),
    Meaning("platforms", "models.figures.tallies.platforms", ("platforms", "opd.platforms")),
    Meaning("proofs", "models.figures.tallies.proofs", ("proofs",)),
    Meaning("accepted", "models.figures.figures.quality", ("quality.accepted", "opd.quality.accepted")),
    Meaning("waiting", "models.figures.figures.quality", ("quality.waiting", "opd.quality.waiting")),
    Meaning("rejected", "models.figures.figures.quality", ("quality.rejected", "opd.quality.rejected")),
    Meaning("claimed", "models.figures.figures.quality", ("quality.claimed", "opd.quality.claimed")),
    Meaning("withdrawn", "models.figures.tallies.proofs"),
    Meaning("late", "models.figures.figures.quality", ("quality.late", "opd.quality.late")),
    Meaning("reach", "models.figures.figures.reach", ("reach.views", "reach.platforms")),
    Meaning("new", "models.figures.cohorts.new", ("cohorts.new",)),
    Meaning("stopped", "models.figures.cohorts.stopped", ("cohorts.stopped",)),
    Meaning(
        "cohort",
        "models.figures.cohorts.months",
        ("cohorts.months", "cohorts.months.month", "cohorts.months.people", "cohorts.months.active"),
    ),
    Meaning("released", "models.releases.weekly.begun", ("released",)),
    Meaning("received", "models.releases.releases.progress", ("received",)),
    Meaning("not_received", "models.digests.digests.not_received", ("not_received",)),
    Meaning("own_item", "models.content.readiness.own_items", ("opd.own_item", "without_item")),
    Meaning("ready", "models.content.readiness.ready", ("ready", "opd.ready", "lacking")),
    Meaning("small_teams", "models.figures.staffing.small", ("small_teams",)),
    Meaning("waiting_review", "models.content.readiness.waiting", ("waiting_review",)),
    Meaning("urgent", "models.releases.urgent.figures", ("urgent",)),
    Meaning("decisions", "models.digests.decisions.figures", ("decisions",)),
    Meaning("decision_open", "models.digests.decisions.figures"),
    Meaning("decision_late", "models.digests.decisions.figures"),
    Meaning("streak", "models.recognition.records.streak"),
)


def sentence(figure: str) -> str:
    """What a figure means, in one sentence."""
    return rendering.label(f"define.{figure}", {})


def points(now: float, before: float | None) -> float | None:
    """The change from one participation to another in points with one decimal; None where there is nothing to
    compare with."""
    moved = counted.change(now, before)
    return None if moved is None else round(moved * 100, 1)
