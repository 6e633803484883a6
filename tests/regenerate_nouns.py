"""Writes ``rag/data/wordnet/nouns.tsv`` out of the files of WordNet 3.0: ``python -m tests.regenerate_nouns FOLDER``.

``FOLDER`` has ``data.noun``, ``index.noun``, ``data.verb`` and ``data.adj``, as Princeton gives them. Kept are the
nouns of one word that are common, in their commoner senses; what only names one thing, such as a city, is left out.
"""

import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from rag.text.forms.kinds import nouns_file

_SENSES = 10  # of a noun that are kept, the commoner first
_VOCABULARY = Path(__file__).parent.parent / "rag" / "data" / "minilm" / "tokenizer.json"
_FILES = {"n": "noun", "v": "verb", "a": "adj", "s": "adj"}
_ABOVE, _INSTANCE, _DERIVED = "@", "@i", ("+", "\\")


@dataclass(frozen=True)
class _Synset:
    """What lies under one offset: the words, and pointers as symbol, part of speech, offset and places of the words."""

    words: tuple[str, ...]
    pointers: tuple[tuple[str, str, str, str], ...]


def _synsets(path: Path) -> Iterator[tuple[str, _Synset]]:
    for line in path.read_text(encoding="latin1").splitlines():
        if line.startswith(" "):
            continue
        fields = line.split("|")[0].split()
        count = int(fields[3], 16)
        words = tuple(fields[4 + 2 * i].split("(")[0] for i in range(count))
        rest = fields[5 + 2 * count :]
        pointers = tuple(
            (rest[i], rest[i + 2], rest[i + 1], rest[i + 3])
            for i in range(0, 4 * int(fields[4 + 2 * count]), 4)
        )
        yield fields[0], _Synset(words, pointers)


def _kept_senses(path: Path) -> dict[str, set[str]]:
    """For each offset of a common noun the nouns of one word that mean it in one of their first senses."""
    common = set(json.loads(_VOCABULARY.read_text(encoding="utf-8"))["model"]["vocab"])
    kept: dict[str, set[str]] = {}
    for line in path.read_text(encoding="latin1").splitlines():
        noun, *_ = fields = line.split()
        if line.startswith(" ") or not (noun.isascii() and noun.isalpha()):
            continue
        senses = fields[6 + int(fields[3]) :][:_SENSES]
        for offset in senses:
            kept.setdefault(offset, set()).add(noun)
        if noun in common or int(fields[5 + int(fields[3])]):  # occurrences in texts that were read for it
            common.update(senses)
    return {offset: nouns for offset, nouns in kept.items() if offset in common}


def table(folder: Path) -> str:
    """The lines of the file: each synset with the numbers of the lines above it, its nouns, and verbs made of them."""
    synsets = {(pos, o): s for pos, name in _FILES.items() for o, s in _synsets(folder / f"data.{name}")}
    kept = _kept_senses(folder / "index.noun")
    numbers: dict[str, int] = {}
    lines: list[str] = []

    def add(offset: str) -> int:
        if offset in numbers:
            return numbers[offset]
        synset = synsets["n", offset]
        above = sorted({add(o) for symbol, pos, o, _ in synset.pointers if symbol == _ABOVE and pos == "n"})
        words = [word for word in synset.words if word in kept.get(offset, ())]
        derived = {
            synsets[pos, o].words[max(int(places[2:], 16) - 1, 0)].lower()
            for symbol, pos, o, places in synset.pointers
            if symbol in _DERIVED
            and pos in ("v", "a", "s")
            and synset.words[max(int(places[:2], 16) - 1, 0)] in words
        }
        numbers[offset] = len(lines)
        verbs = sorted(word for word in derived if word.isalpha())
        lines.append("\t".join((" ".join(map(str, above)), " ".join(words), " ".join(verbs))).rstrip("\t"))
        return numbers[offset]

    for offset in sorted(kept):
        if not any(symbol == _INSTANCE for symbol, *_ in synsets["n", offset].pointers):
            add(offset)
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    nouns_file().write_text(table(Path(sys.argv[1])), encoding="utf-8")
