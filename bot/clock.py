"""The one clock of the program. Everything below bot/ is told the time."""

from datetime import UTC, datetime, timedelta


class Clock:
    """The time of the machine, moved ahead by `offset`; the demo moves it, nothing else does."""

    def __init__(self, offset: timedelta = timedelta()) -> None:
        self.offset = offset

    def now(self) -> datetime:
        """This moment, aware, in UTC."""
        return datetime.now(UTC) + self.offset

    def move_to(self, moment: datetime) -> None:
        """Makes it be `moment` (aware) now; the clock goes on from there."""
        self.offset = moment - datetime.now(UTC)
