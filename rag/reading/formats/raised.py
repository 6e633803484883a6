"""Raised figures (superscript): powers are kept as powers, marks of notes are cut out, ordinals stay as they are.

So do fractions, cents and minutes, which are part of a number: 6 1/2, $4.99, 7:30 am.

Read without its height, the "5" of a note in "$40⁵ million" makes another number, and so does a power: "3 × 106".
"""

import re
from collections.abc import Iterable
from itertools import groupby
from operator import itemgetter

_RAISED = str.maketrans("0123456789+-−–=()ni", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁻⁼⁽⁾ⁿⁱ")
_INTEGER = re.compile(r"[-−–+]?[0-9]{1,4}")
_SIGNS = ("-", "−", "–", "+")
_EXPONENT = re.compile(r"[0-9]?[nkxtmpqij](?:\s?[-−–+]\s?[0-9n])?")  # a variable as a power
_VARIABLE = re.compile(r"(?<![\w.,$€£])(?:[0-9]{1,2}|[b-z]|[α-ω])$")  # not "a", the article
_LETTER_A = re.compile(r"(?<![^\W_])a$")  # a variable only in an equation
_UNIT = re.compile(r"(?<![^\W\d_])(?:[kcdmµμn]?m|ft|in|yd|mi|s|h|g|kg)$")
_UNIT_POWERS = ("2", "3", "4")
_CAPITAL = re.compile(r"[=+−*/·×(]\s*[A-Za-z]{1,3}$|[a-z0-9][A-Z]$|\bR$")
_SUM = re.compile(r"\([^()]{1,8}[-+−*/·×][^()]{1,8}\)$")
_EQUATION = re.compile(r"\s*(?:=|≈|[+−*/·×]\s*(?:[\d(]|[a-z](?![a-z])))")
_TERM = re.compile(r"[=+−*/·×^]\s*[0-9]+$")
_TIMES_TEN = re.compile(r"[×·*x⋅]\s*10$")
_TEN = re.compile(r"(?<![\w.,$€£¥])(?<![$€£¥] )10$")
_AMOUNT = re.compile(r"\s*(?:[mb]illion|thousand|per ?cent|%)")
_CHARGE = re.compile(r"[0-9]{0,2}[-−–+]")
_ION = re.compile(r"[A-Z][a-z]?[0-9]*[\])]?[0-9]*$")

_ISOTOPE = re.compile(
    r"(?:Ac|Al|Am|Ar|Ba|Be|Bi|C|Ca|Cl|Co|Cs|Fe|H|He|I|K|Kr|Li|N|Na|O|P|Pb|Pu|Ra|Rb|Rn|S|Sr|Tc|Th|U|Xe)(?![A-Za-z])"
)

_NUMERATOR = re.compile(r"[0-9]{1,2}")
_FRACTION = re.compile(r"[0-9]{1,2}\s?[/⁄∕]\s?[0-9]{1,3}")
_FRACTION_LINE = re.compile(r"\s?[/⁄∕]\s?([0-9]{1,3}|$)")
_PRICE = re.compile(r"[$€£]\s?[0-9]{1,4}(\.?)$")
_CENTS = re.compile(r"[059]0|95|[1-9]9")  # with others it is as likely the mark of a note
_HOUR = re.compile(r"(?<![\w.,:])(?:[01]?[0-9]|2[0-4])$")
_MINUTES = re.compile(r"[0-5][0-9]")
_TWO_FIGURES = re.compile(r"[0-9]{2}")
_OF_DAY = re.compile(r"\s*(?:Uhr|hrs?|h|o['’]clock|[ap]\.?\s?m)(?![^\W_])", re.I)

_ORDINAL = re.compile(r"st|nd|rd|th|ers?|res?|ère|es?|[èe]me|nde?|o|º|ª|TM|SM|®|™|℠|©", re.I)
_ABBREVIATION = re.compile(r"(?<![^\W_])(?:[A-Z][a-z]?|[IVXLC]+)$")  # M^me, N^o, XIX^e

_MARK_CHARS = 60

# Letters that are no word; two marks have a sign or a bracket between them, or all words were marks.
# No two of these forms have the same beginning and length: a long text would be taken apart in every possible way.
_ONE_MARK = r"[\[(]?(?:(?:[0-9]{1,4}[a-z]?|[a-h]{1,3}|[i-z]|[ivx]{2,5})[*†‡]?|[*†‡§¶#∗]{1,3})[\])]?"
_NOTE_MARK = re.compile(
    r"[*†‡§¶#∗⁎‖↑↩]+|\[[^\]]{1,40}\]"
    rf"|{_ONE_MARK}(?:(?:\s*[,;–—-]\s*|\s+|(?<=[\])])(?=[\[(])){_ONE_MARK})*"
)


def raised_text(before: str, raised: str, after: str, *, linked: bool = False) -> str:
    """What stands for the text ``raised`` above the line, between ``before`` and ``after``: ``""`` for a note's mark.

    ``linked`` says that it leads to a note. A power comes out in the raised digits of Unicode (10⁶, m²), as does the
    charge of an ion and the number of an isotope; an ordinal, or a letter of an abbreviation, as it is.
    """
    mark = raised.strip()
    if not mark:
        return raised
    if linked:
        return ""
    if part := _part_of_number(before, mark, after):
        return part
    if _is_number_raised(before, mark, after):
        return mark.translate(_RAISED)
    if _EXPONENT.fullmatch(mark) and _VARIABLE.search(before):
        return mark.translate(_RAISED) if mark in ("n", "i") else f"^{mark}"
    if mark in ("o", "º", "°", "0") and re.match(r"\s*[CFNSEW]\b", after) and before.rstrip()[-1:].isdigit():
        return "°"
    if _ORDINAL.fullmatch(mark) and (re.search(r"[0-9]$", before) or not mark.isascii()):
        return mark
    if (
        mark.isalpha()
        and len(mark) <= 4
        and _ABBREVIATION.search(before)
        and mark not in ("a", "b", "c", "d")
    ):
        return mark
    if is_note_mark(mark):
        return ""
    return f" {raised}" if before[-1:].isalnum() and mark[0].isalnum() and len(mark) > 3 else raised


def power(exponent: str) -> str:
    """What stands for a power that is known to be one: in raised digits, or behind a ``^``."""
    mark = exponent.strip()
    raised = mark.translate(_RAISED)
    return raised if not set(raised) & set(mark) else f"^{mark}" if len(mark) < 2 else f"^({mark})"


def join_raised(pieces: Iterable[tuple[str, bool]]) -> str:
    """The text of these pieces, of which each says whether it is raised; neighbours alike count as one."""
    merged = [
        ("".join(text for text, _ in run), raised) for raised, run in groupby(pieces, key=itemgetter(1))
    ]
    text = ""
    for index, (piece, raised) in enumerate(merged):
        after = merged[index + 1][0] if index + 1 < len(merged) else ""
        text += raised_text(text, piece, after) if raised else piece
    return text


def is_note_mark(text: str) -> bool:
    """Whether ``text`` looks like the mark of a note: figures, a letter, a sign, or any of these in brackets."""
    mark = text.strip()
    return len(mark) <= _MARK_CHARS and bool(_NOTE_MARK.fullmatch(mark))


def _part_of_number(before: str, mark: str, after: str) -> str:
    """What stands for ``mark`` as the numerator of a fraction, as cents or as minutes; ``""`` where it is none."""
    price = _PRICE.search(before)
    if price and _TWO_FIGURES.fullmatch(mark) and not _AMOUNT.match(after):
        return mark if price[1] else f".{mark}" if _CENTS.fullmatch(mark) else ""
    if _MINUTES.fullmatch(mark) and _HOUR.search(before) and _OF_DAY.match(after):
        return f":{mark}"
    if before[-1:].isalpha() or before.endswith(")") or _TEN.search(before):
        return ""
    line = _FRACTION_LINE.match(after)
    below = bool(line and (not line[1] or int(line[1]) > int(mark))) if _NUMERATOR.fullmatch(mark) else False
    if below or _FRACTION.fullmatch(mark):
        return f" {mark}" if before[-1:].isdigit() else mark
    return ""


def _is_number_raised(before: str, mark: str, after: str) -> bool:
    """Whether ``mark`` is the power of a number, a unit or a variable, a charge, or the number of an isotope."""
    if _CHARGE.fullmatch(mark):
        return bool(_ION.search(before))
    if not _INTEGER.fullmatch(mark):
        return False
    if mark.startswith(_SIGNS) or _TIMES_TEN.search(before):
        return True
    if not before[-1:].strip(" ([–-/") and _ISOTOPE.match(after):
        return True
    if _TEN.search(before):
        return not _AMOUNT.match(after)
    if _UNIT.search(before):
        return mark in _UNIT_POWERS
    if before[-1:].isdigit() or before.endswith(")"):
        return bool(_EQUATION.match(after) or _TERM.search(before) or _SUM.search(before))
    if _VARIABLE.search(before) or (_LETTER_A.search(before) and _EQUATION.match(after)):
        return int(mark) <= 20
    return bool(re.search(r"(?<![^\W_])[A-Z]$", before) and _EQUATION.match(after)) or bool(
        _CAPITAL.search(before)
    )
