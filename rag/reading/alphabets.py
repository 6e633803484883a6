"""Guesses the older encoding of a text in Latin letters, by the languages whose alphabet has all of its letters.

Byte statistics need a page of text; an alphabet tells "Müller" in the encoding of a Macintosh from that of Windows.
"""

import re
from collections.abc import Iterator

_WEST = ("cp1252", "mac_roman", "cp850")
_CENTRE = ("cp1250", "iso8859_2", "cp852")
_BALTIC = ("cp1257",)

# In the order in which they are tried; English takes words from all of the first.
_ALPHABETS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("äöüßéèêëàâçîïôñ", _WEST),  # German, English, Dutch
    ("àâæçéèêëîïôœùûüÿ", _WEST),  # French
    ("áéíñóúüç", _WEST),  # Spanish
    ("áâãàçéêíóôõú", _WEST),  # Portuguese
    ("àèéìíòóùúçï", _WEST),  # Italian, Catalan
    ("åäöæøéü", _WEST),  # Danish, Norwegian, Swedish, Finnish
    (
        "çğıöşüâîûi̇",
        ("cp1254", "cp857"),
    ),  # Turkish, before Icelandic, which has other letters for the same bytes
    ("áéíóúýþæöð", _WEST),  # Icelandic
    ("ąćęłńóśźż", _CENTRE),  # Polish
    ("áčďéěíňóřšťúůýž", _CENTRE),  # Czech
    ("áäčďéíĺľňóôŕšťúýž", _CENTRE),  # Slovak
    ("áéíóöőúüű", _CENTRE),  # Hungarian
    ("ăâîşţ", _CENTRE),  # Romanian
    ("čćđšž", _CENTRE),  # Croatian, Slovene
    ("ąčęėįšųūž", _BALTIC),  # Lithuanian
    ("āčēģīķļņšūž", _BALTIC),  # Latvian
    ("äöüõšž", _BALTIC),  # Estonian
)

# All of Windows' first: where an alphabet has the letters in several, that is the most common.
_CANDIDATES = tuple(
    (alphabet, name)
    for place in range(3)
    for alphabet, names in _ALPHABETS
    for name in names[place : place + 1]
)

_SIGNS = frozenset("“”‘’„‚‹›«»–—…•·°§£€¥¢©®™½¼¾²³µ±×÷¿¡ªº\xa0")
_WITHIN_WORDS = frozenset("’–—·")
_NEVER_BEHIND_LETTERS = frozenset("±×÷½¼¾¿¡ªº§£€¥¢µ„‚“‘")
_MOST_HIGH = 0.4  # of all bytes: with more, the letters are not Latin
_LEAST_HIGH = 0.01  # of the bytes in other languages: with fewer it is English with a name from the west
_SAMPLE_BYTES = 200_000  # a hundred pages, decoded a dozen times over
_FEW = 4  # bytes, in a text of two words
_MOST_FOREIGN = 0.01  # of the characters beyond ASCII
_HIGH = re.compile(rb"[\x80-\xff]")
_ALONE = re.compile(rb"(?<![\x80-\xff])[\x80-\xff](?![\x80-\xff])")


def guess_by_alphabet(data: bytes) -> str:
    """The encoding in which ``data`` is a text in one of the languages known here; ``""`` where it is in none."""
    first = _HIGH.search(data)
    start = max(0, first.start() - _SAMPLE_BYTES // 2) if first else 0
    data = data[start : start + _SAMPLE_BYTES]
    high = len(_HIGH.findall(data))
    if not high or high > max(_FEW, _MOST_HIGH * len(data)):
        return ""
    # Two bytes for one sign, as in Chinese, and letters of Greek stand beside their like.
    alone = len(_ALONE.findall(data))
    texts: dict[str, tuple[tuple[str, str, str], ...] | None] = {}
    best, fewest = "", _MOST_FOREIGN * high + 0.5
    for alphabet, name in _CANDIDATES:
        if name not in _WEST and high < _LEAST_HIGH * len(data):
            continue
        if name not in texts:
            texts[name] = _characters(data, name)
        foreign = _foreign(texts[name], alphabet, high, alone)
        if foreign < fewest:
            best, fewest = name, foreign
    return best


def _characters(data: bytes, name: str) -> tuple[tuple[str, str, str], ...] | None:
    """Each character beyond ASCII with those beside it; ``None`` where a byte is none in this encoding."""
    try:
        text = data.decode(name)
    except UnicodeDecodeError:
        return None
    return tuple(_with_neighbours(text))


def _with_neighbours(text: str) -> Iterator[tuple[str, str, str]]:
    for match in re.finditer(r"[^\x00-\x7f]", text):
        at = match.start()
        yield text[at - 1 : at], match[0], text[at + 1 : at + 2]


def _foreign(
    characters: tuple[tuple[str, str, str], ...] | None, alphabet: str, high: int, alone: int
) -> float:
    """How many of the characters stand in no text of this alphabet."""
    if characters is None:
        return float("inf")
    letters = sum(character.isalpha() for _, character, _ in characters)
    if letters > 2 * alone:
        return float("inf")
    return sum(_is_foreign(before, character, after, alphabet) for before, character, after in characters)


def _is_foreign(before: str, character: str, after: str, alphabet: str) -> bool:
    if character.lower() in alphabet:
        # No capital stands within a word.
        return character.isupper() and before.isalpha() and (before.islower() or after.islower())
    if character not in _SIGNS:
        return True
    if before.isalpha() and character in _NEVER_BEHIND_LETTERS:
        return True
    return before.isalpha() and after.isalpha() and character not in _WITHIN_WORDS
