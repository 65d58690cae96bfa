"""The even pace at which messages leave, whoever they go to; what the server says slows it down.

Telegram's limits (https://core.telegram.org/bots/faq, "My bot is hitting limits"): about 30 messages a
second overall. How it counts is not published, so this stays below the limit for whoever counts by sliding
window, by token bucket, or locks out after a refusal: messages leave one by one at even distances, never as
a burst and a refill.
"""

import math
from collections import deque
from dataclasses import dataclass

# 29.3 instead of 30: thirty distances are then 1.024 s, so that messages may reach the server with
# 24 ms of difference in travel time and still be no more than 30 in any second of its clock.
MARGIN = 0.0233
WINDOW_SECONDS = 1.02  # kept even when catching up after a stall of this process
# Who is late (a timer, or the caller) makes up for it, by a few messages at most, each at least this
# part of the distance after the one before; WINDOW_SECONDS holds all the same.
CATCH_UP = 3
SHORTEST = 0.6
# Below this distance timers are too coarse: several messages leave at one tick.
TICK_SECONDS = 0.005
EPSILON = 1e-6
# The usual time of an answer is the shortest that was seen, which is slowly forgotten.
USUAL_GROWTH = 1.002
TIMER_SLACK = 0.0005  # uvloop rounds to milliseconds, also down
# Connections that must first be opened deliver late what was sent first, and the next ones crowd in
# behind it. After a silence in which connections are closed the first second is slower.
COLD_SECONDS = 30.0
WARM_UP_SECONDS = 1.0
WARM_UP = 1.25
# Every refusal makes us a little slower for some minutes, in case the true limit is lower today.
SLOWER = 0.01
SLOWEST = 0.03
RECOVERY = SLOWER / 5000
# One that was turned away because there was too much just then slows everybody down by a twentieth, which 25
# messages make up for: with fewer refusals than that the pace stays what it is, with more it falls until they
# are that few, to a quarter at the lowest.
CROWDED = 0.05
CROWDED_MOST = 3.0
RELIEF = CROWDED / 25


@dataclass(slots=True, eq=False)
class Moment:
    """When a message went out; once it is answered, when the server counted it at the latest."""

    at: float


class Pace:
    """`rate` is the server's limit in messages a second; moments are seconds of one clock that never goes
    back."""

    def __init__(self, rate: float) -> None:
        self._distance = 1 / (rate * (1 - MARGIN))
        self.coarse = self._distance < TICK_SECONDS
        self._credit = max(CATCH_UP * self._distance, 4 * TICK_SECONDS)
        self._window: deque[Moment] = deque()
        self._most = max(1, int(rate))
        self._usual = math.inf
        self._span = self._most / rate * WINDOW_SECONDS
        self._planned = self._last = self._paused_until = self._warm_at = -math.inf
        self._slower = self._crowded = 0.0

    def due(self, now: float, cost: int) -> float:
        """The earliest moment at which a message may go that counts as `cost`: what costs more waits for it
        before."""
        cost = self.bounded(cost)
        due = max(self._planned + (cost - 1) * self._apart(), self._paused_until)
        if not self.coarse:
            due = max(due, self._last + SHORTEST * self._distance)
        if (over := len(self._window) + cost - self._most) > 0:
            due = max(due, self._first(over).at + self._span)
        return due if due > now + EPSILON else now

    def book(self, now: float, cost: int) -> Moment:
        """A message goes out now."""
        if now - self._last > COLD_SECONDS:
            self._warm_at = now + WARM_UP_SECONDS
            self._planned = max(self._planned, now)
        distance = self._apart() * (WARM_UP if now < self._warm_at else 1.0)
        credit = self._credit if cost == 1 else 0.0
        self._planned = max(self._planned, now - credit) + distance
        self._slower = max(0.0, self._slower - RECOVERY)
        self._crowded = max(0.0, self._crowded - RELIEF)
        self._last = now
        moment = Moment(now)
        for _ in range(self.bounded(cost)):
            if len(self._window) == self._most:
                self._window.remove(self._first())
            self._window.append(moment)
        return moment

    def answered(self, moment: Moment, seconds: float) -> None:
        """The server answered so many seconds after a moment. One that took longer than usual may have been
        counted later by as much: so long it stays in the window, or those behind it would crowd in."""
        self._usual = min(seconds, self._usual * USUAL_GROWTH)
        moment.at += seconds - self._usual

    def pause(self, now: float, seconds: float) -> None:
        """Nothing goes for `seconds` from now. Never shortens a pause."""
        if now >= self._paused_until:  # several in flight hear the same refusal: counted once
            self._slower = min(self._slower + SLOWER, SLOWEST)
        self._paused_until = max(self._paused_until, now + seconds)
        self._planned = max(self._planned, self._paused_until)

    def paused(self, now: float) -> float:
        """For how many seconds nothing goes yet."""
        return max(0.0, self._paused_until - now)

    def crowded(self) -> None:
        """The server had no room for a message just then, and named no time: a little slower."""
        self._crowded = min(self._crowded + CROWDED, CROWDED_MOST)

    def bounded(self, cost: int) -> int:
        """What a message can cost at the most."""
        return min(max(1, cost), self._most)

    def _apart(self) -> float:
        """Seconds between two messages, by what the server lets us know of its limit."""
        return self._distance * (1 + self._slower + self._crowded)

    def _first(self, nth: int = 1) -> Moment:
        """The nth of the window. Where it has very many places, a late one among them does no harm."""
        if self.coarse:
            return self._window[nth - 1]
        if nth == 1:
            return min(self._window, key=lambda moment: moment.at)
        return sorted(self._window, key=lambda moment: moment.at)[nth - 1]
