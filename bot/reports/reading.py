"""Tables that people uploaded, read ahead: a roster of 15,000 lines takes seconds, and whoever answers
the person must not hold the database meanwhile."""

import threading
from collections import OrderedDict

from bot.files.media import Store
from bot.reports import tables
from bot.reports.tables import Table

KEPT = 2  # the newest tables; one of 15,000 people takes about 15 MB


class Reader:
    """Reads stored tables, each once while it is among the newest. Safe to use from several threads."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self._read: OrderedDict[str, Table] = OrderedDict()
        self._lock = threading.Lock()

    def read(self, key: str, name: str = "") -> Table:
        """The table in the file `key` of the store, called `name` by its sender.

        One that cannot be used is read again each time: its problems name the file.
        """
        with self._lock:
            if (known := self._read.get(key)) is not None:
                self._read.move_to_end(key)
                return known
        table = tables.read_table(self.store.get(key), name)
        if not table.problems:
            with self._lock:
                self._read[key] = table
                while len(self._read) > KEPT:
                    self._read.popitem(last=False)
        return table
