"""BM25 in SQL, with the arithmetic of ``rag.bm25``, so that both order chunks alike to the last bit."""

from collections.abc import Sequence

from rag.bm25 import K1, B, Bm25
from rag.kept import numbered, put_in
from rag.postgres import array

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
        "keys": array(numbered(term) for term in holding),
        "seen": array(numbered(term) for term in seen),
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
        values[f"t{place}"] = (apart := f" {put_in(term)} ")
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
    values["terms"] = array(put_in(term) for term in terms)
    values["weights"] = array(repr(wanted.weights[term]) for term in terms)
    counted = """SELECT id, length, weight, place, count(*) AS n
        FROM held CROSS JOIN unnest(string_to_array(body, ' ')) AS said (term)
        JOIN unnest(CAST(:terms AS text[]), CAST(:weights AS float8[])) WITH ORDINALITY AS asked (term, weight, place)
            USING (term)
        GROUP BY id, length, weight, place"""
    part = f"weight * n * {K1 + 1!r}::float8 / (n + length)"
    return counted, f"SELECT id, sum({part} ORDER BY place) AS score FROM counted GROUP BY id"
