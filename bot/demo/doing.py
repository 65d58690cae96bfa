"""What people are about to do, carried out many at a time: one request a channel, not one a person."""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

from bot.demo.camera import Camera
from bot.demo.handsets import Act, Handsets


@dataclass(frozen=True, slots=True)
class Todo:
    """An act of somebody, or a message with so many screenshots of what they read (`about`), which have to be
    made first."""

    phones: Handsets
    who: int
    act: Act | None = None
    pictures: int = 0
    about: str = ""


class Doing:
    """What waits to be done on these phones, in order."""

    def __init__(self, phones: Sequence[Handsets], camera: Camera) -> None:
        self.phones, self.camera = phones, camera
        self._todos: deque[Todo] = deque()

    def __len__(self) -> int:
        return len(self._todos)

    def add(self, todo: Todo) -> None:
        self._todos.append(todo)

    async def carry_out(self, most: int) -> list[tuple[Todo, str]]:
        """Does up to so many; those that were refused, and why."""
        some = [self._todos.popleft() for _ in range(min(most, len(self._todos)))]
        refused = []
        for phones in self.phones:
            own = [todo for todo in some if todo.phones is phones]
            acts = [todo.act or phones.photo(todo.who, await self._shoot(todo)) for todo in own]
            results = await phones.do(acts) if acts else []
            for todo, act, result in zip(own, acts, results, strict=True):
                if "error" in result:
                    refused.append((todo, f"{act['do']}: {result['error']}"))
        return refused

    async def _shoot(self, todo: Todo) -> list[str]:
        return [
            await self.camera.shoot(todo.phones, todo.who, todo.about, nth) for nth in range(todo.pictures)
        ]
