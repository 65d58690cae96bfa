"""The one exception that is a person's mistake and not ours."""

from typing import Any


class Refused(Exception):  # noqa: N818 - it is an answer, not an error
    """What was asked cannot be done; `key` and `params` say why and what to do instead.

    The worker undoes the message's changes and answers with the sentence.
    """

    def __init__(self, key: str, /, **params: Any) -> None:
        super().__init__(key)
        self.key = key
        self.params = params
