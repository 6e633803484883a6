"""Reports of checked texts as files, each for the visitor who had it made."""

import secrets
from collections import OrderedDict
from threading import Lock

from ui.web.access.visitors import Visitor
from ui.web.library.inbox import upload_folder

_FILE = "checked-text.md"
_REMEMBERED = 2000


class Reports:
    """Where reports lie, in the folder that Gradio empties. Safe in many threads."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._owners: OrderedDict[str, str] = OrderedDict()

    def keep(self, visitor: Visitor, report: str) -> str:
        """Write a report; its path."""
        place = upload_folder() / secrets.token_hex(32)
        place.mkdir(parents=True)
        file = place / _FILE
        file.write_text(report, encoding="utf-8")
        with self._lock:
            self._owners[str(file)] = visitor.id
            while len(self._owners) > _REMEMBERED:
                self._owners.popitem(last=False)
        return str(file)

    def belongs(self, visitor: Visitor, path: str) -> bool:
        """Whether the file at ``path`` is a report of this visitor's."""
        with self._lock:
            return self._owners.get(path) == visitor.id
