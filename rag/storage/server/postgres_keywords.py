"""How ids, texts and keywords are kept in PostgreSQL, which takes no NUL and indexes no long text."""

import hashlib
from collections.abc import Sequence

from rag.storage.bm25 import K1, B, Bm25
from rag.storage.server.postgres import array


def term_key(value: str) -> bytes:
    """What stands for an id or a term where it is looked up, however long it is; no two have the same."""
    return hashlib.sha256(value.encode("utf-8", "surrogatepass")).digest()


def term_number(term: str) -> int:
    """A number of 31 bits that stands for a term in an index; two terms may have the same."""
    return int.from_bytes(term_key(term)[:4]) >> 1


def escape(value: str) -> str:
    """As PostgreSQL can keep it, which is without NUL; SUB, which hardly occurs, marks what stands for one."""
    return value.replace("\x1a", "\x1a1").replace("\0", "\x1a0")


def unescape(value: str) -> str:
    """The reverse of ``escape``."""
    return value.replace("\x1a0", "\0").replace("\x1a1", "\x1a") if "\x1a" in value else value


def pad_terms(body: str) -> str:
    """Keywords with a space before and after each, so that each can be counted by taking it out."""
    return " " + escape(body).replace(" ", "  ") + " "


def unpad_terms(body: str) -> str:
    """The reverse of ``pad_terms``."""
    return unescape(body[1:-1].replace("  ", " "))


_FEW = 40  # terms that are counted one by one faster than all words of a chunk are compared with them


def scoring(
    wanted: Bm25, *, terms: Sequence[str], holding: Sequence[str], seen: Sequence[str], choice: str
) -> tuple[str, dict[str, object]]:
    """A statement, and its values, for the best of the chunks that hold one of ``holding`` and none of ``seen``.

    It gives ids and scores by all of ``terms``, which are in the order of ``wanted``; more than ``:limit`` where
    several have the last score. ``choice`` is a further condition.
    """
    values: dict[str, object] = {
        "mean": wanted.mean,
        "keys": array(term_number(term) for term in holding),
        "seen": array(term_number(term) for term in seen),
    }
    held = f"""held AS MATERIALIZED (
            SELECT id, body, octet_length(body) AS bytes,
                {K1!r}::float8 * ({1 - B!r}::float8 + {B!r}::float8 * terms / CAST(:mean AS float8)) AS length
            FROM words
            WHERE keys && CAST(:keys AS integer[]) AND NOT keys && CAST(:seen AS integer[]) AND {choice})"""
    count = _one_by_one if len(terms) <= _FEW else _together
    counted, score = count(wanted, terms, values)
    # In steps that PostgreSQL may not melt into one: it would count each term once for each use of its number.
    sql = f"""WITH {held}, counted AS MATERIALIZED ({counted})
        SELECT id, score FROM ({score}) scores WHERE score > 0
        ORDER BY score DESC FETCH FIRST :limit ROWS WITH TIES"""
    return sql, values


def _one_by_one(wanted: Bm25, terms: Sequence[str], values: dict[str, object]) -> tuple[str, str]:
    counts, parts = [], []
    for place, term in enumerate(terms):
        values[f"t{place}"] = (apart := f" {escape(term)} ")
        values[f"w{place}"] = wanted.weights[term]
        counts.append(
            f"(bytes - octet_length(replace(body, :t{place}, ''))) / {len(apart.encode())} AS n{place}"
        )
        parts.append(f"CAST(:w{place} AS float8) * n{place} * {K1 + 1!r}::float8 / (n{place} + length)")
    return (
        f"SELECT id, length, {', '.join(counts)} FROM held",
        f"SELECT id, {' + '.join(parts)} AS score FROM counted",
    )


def _together(wanted: Bm25, terms: Sequence[str], values: dict[str, object]) -> tuple[str, str]:
    values["terms"] = array(escape(term) for term in terms)
    values["weights"] = array(repr(wanted.weights[term]) for term in terms)
    counted = """SELECT id, length, weight, place, count(*) AS n
        FROM held CROSS JOIN unnest(string_to_array(body, ' ')) AS said (term)
        JOIN unnest(CAST(:terms AS text[]), CAST(:weights AS float8[])) WITH ORDINALITY AS asked (term, weight, place)
            USING (term)
        GROUP BY id, length, weight, place"""
    part = f"weight * n * {K1 + 1!r}::float8 / (n + length)"
    return counted, f"SELECT id, sum({part} ORDER BY place) AS score FROM counted GROUP BY id"
