"""A file of names, each with the hash of a secret: one ``name:hash`` a line, for its owner alone."""

from collections.abc import Mapping
from pathlib import Path
from threading import Lock

from rag.errors import SettingsError, remedy
from rag.system.files import Durability, write_whole
from ui.web.access.visitors import is_name


class NamedHashes:
    """The file at ``path``; lines that begin with ``#`` are passed over. Read again when it has changed.

    ``noun`` is what one of them is called, as in ``pincite users``; each hash begins with ``begins``. Raises
    ``SettingsError`` where the file cannot be read or written, and for a name that cannot be used.
    """

    def __init__(self, path: Path, *, noun: str, begins: str) -> None:
        self._path = path
        self._noun = noun
        self._begins = begins
        self._lock = Lock()
        self._read: tuple[tuple[int, ...], Mapping[str, str]] = ((), {})

    def hashes(self) -> Mapping[str, str]:
        """Every hash by its name; none where there is no file."""
        with self._lock:
            try:
                state = self._path.stat()
                # Two hashes are as long as each other, and times may come again where the clock is set back.
                stamp = (state.st_mtime_ns, state.st_ctime_ns, state.st_ino, state.st_size)
                if stamp != self._read[0]:
                    self._read = (stamp, self._parsed(self._path.read_text("utf-8")))
            except FileNotFoundError:
                return {}
            except (OSError, UnicodeDecodeError) as error:
                raise SettingsError(
                    f"cannot read the {self._noun}s in {str(self._path)!r} ({error}): check the file"
                ) from error
            return self._read[1]

    def put(self, name: str, hashed: str) -> None:
        """Add a name, or give it another hash."""
        check_name(name)
        self._write({**self.hashes(), name: hashed})

    def remove(self, name: str) -> None:
        """Take a name away."""
        hashes = self.hashes()
        if name not in hashes:
            raise SettingsError(
                f"no {self._noun} {name!r:.80} in {str(self._path)!r}: `pincite {self._noun}s` lists them"
            )
        self._write({known: hashed for known, hashed in hashes.items() if known != name})

    def _write(self, hashes: Mapping[str, str]) -> None:
        text = "".join(f"{name}:{hashed}\n" for name, hashed in sorted(hashes.items()))
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            write_whole(self._path, text.encode(), durable=Durability.CONTENT, private=True)
        except OSError as error:
            fix = remedy(error, otherwise="give another --file")
            raise SettingsError(
                f"cannot write the {self._noun}s to {str(self._path)!r} ({error.strerror}): {fix}"
            ) from error

    def _parsed(self, text: str) -> Mapping[str, str]:
        found: dict[str, str] = {}
        for at, line in enumerate(text.splitlines(), start=1):
            if not line.strip() or line.startswith("#"):
                continue
            name, _, hashed = line.strip().partition(":")
            if not is_name(name) or not hashed.startswith(self._begins):
                raise SettingsError(
                    f"{str(self._path)!r}:{at} is no {self._noun}: `pincite {self._noun}s add NAME` writes the line "
                    "name:hash"
                )
            if name in found:
                raise SettingsError(f"{str(self._path)!r}:{at} has {name!r} a second time: remove one")
            found[name] = hashed
        return found


def check_name(name: str) -> None:
    """Raise ``SettingsError`` for a name that would break the file."""
    if not is_name(name):
        raise SettingsError(f"the name {name!r:.80} cannot be used: give 1 to 64 letters, digits or . _ @ -")
