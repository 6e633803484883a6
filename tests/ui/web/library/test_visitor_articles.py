"""Visitors' own articles: apart from each other, within limits, kept until nobody asks for them."""

import json
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rag.chatbot import Chatbot
from rag.doctor import repair
from rag.errors import IndexFault
from rag.index.index import Index
from rag.models.embedders import Embedder
from rag.reading.sandbox import SandboxedReader
from rag.settings import Settings
from rag.system.paths import shipped_corpus
from tests.support.embedder import embedder, several
from tests.support.manual_clock import DAY_S, ManualClock
from ui.commands.serve import opened as serving
from ui.commands.source import Source
from ui.web.access.visitors import Visitor
from ui.web.library.uploads import from_file, uploaded
from ui.web.library.visitor_articles import Added, Room, Shelves
from ui.web.options import Serving
from ui.web.refusal import Refusal

SETTINGS = Settings()
ANNA, BERT = Visitor("a" * 32), Visitor("b" * 32)
BRIDGE = b"# The Larkwater bridge\n\nThe Larkwater bridge was opened in 1931 by Mayor Edith Thornbury.\n"


@pytest.fixture
def base(tmp_path: Path) -> Iterator[Index]:
    with Index.open(tmp_path / "base", embedder=embedder(), settings=SETTINGS) as index:
        index.add(several(range(3)))
        yield index


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "visitors"


def opened(
    folder: Path,
    base: Index,
    *,
    shared: bool = False,
    limits: Room | None = None,
    now: ManualClock | None = None,
) -> Shelves:
    return Shelves(
        folder,
        base=base,
        settings=SETTINGS,
        shared=shared,
        limits=limits,
        now=now or ManualClock(),
    )


@pytest.fixture
def shelves(folder: Path, base: Index, clock: ManualClock) -> Iterator[Shelves]:
    shelves = opened(folder, base, now=clock)
    yield shelves
    shelves.close()


def text(number: int, words: int = 5) -> bytes:
    return f"Paper {number}\n\nIn paper {number} it stands that {f'z{number} ' * words}was seen.".encode()


def own(shelves: Shelves, visitor: Visitor) -> list[str]:
    return [item.title for item in shelves.listing(visitor) if item.own]


def remade(base: Index, by: Embedder) -> Index:
    """The index opened once more, made anew with another embedder."""
    other = Index.open(Path(base.name), embedder=by, settings=SETTINGS, stale=True)
    other.rebuild()
    return other


def found(shelves: Shelves, visitor: Visitor, question: str) -> list[str]:
    """The titles of the articles found, best first."""
    with shelves.reading(visitor) as index:
        hits = index.search(question, limit=3)
        return [index.article(hit.chunk.article_id).title for hit in hits]


# Adding and removing


def test_no_copy_of_a_visitors_words_is_made_for_other_programs(shelves: Shelves, folder: Path) -> None:
    shelves.add(ANNA, "bridge.md", BRIDGE)
    (collection,) = folder.rglob("chroma.sqlite3")
    assert b"Edith Thornbury" not in collection.read_bytes()
    assert b"The Larkwater bridge" in collection.read_bytes()  # the title is metadata


def test_an_added_file_is_listed_found_and_read(shelves: Shelves) -> None:
    added = shelves.add(ANNA, "bridge.md", BRIDGE)
    assert [item.title for item in added.articles] == ["The Larkwater bridge"]
    assert added.problems == ()
    article_id = added.articles[0].id
    assert uploaded(article_id)
    article = shelves.article(ANNA, article_id)
    assert article.text == BRIDGE.decode().strip()
    assert shelves.fingerprint(ANNA, article_id) == article.fingerprint
    assert [item.id for item in shelves.listing(ANNA)] == ["a0000", "a0001", "a0002", article_id]
    assert [item.own for item in shelves.listing(ANNA)] == [False, False, False, True]
    with shelves.reading(ANNA) as index:
        assert index.search("Who opened the Larkwater bridge?", limit=1)[0].chunk.article_id == article_id
        assert index.search("What of w1x1v0?", limit=1)[0].chunk.article_id == "a0001"


@pytest.mark.parametrize("name", ["oil.odt", "oil.rtf"])
def test_texts_of_word_processors_are_taken(shelves: Shelves, name: str) -> None:
    added = shelves.add(ANNA, name, (Path(__file__).parents[3] / "files" / name).read_bytes())
    assert [article.title for article in added.articles] == ["The oil of Orrin"]


def test_a_file_of_another_kind_goes_by_its_own_title_or_the_name_its_owner_gave_it(shelves: Shelves) -> None:
    printed = (Path(__file__).parents[3] / "files" / "lamp.pdf").read_bytes()
    added = shelves.add(ANNA, "scan 7.PDF", printed)
    assert [item.title for item in added.articles] == ["The lamp of Orrin"]
    article = shelves.article(ANNA, added.articles[0].id)
    assert article.page(article.text.index("19 metres")) == 3
    rows = shelves.add(ANNA, "notes.csv", b"text\nOwls hunt at night.\nBats do too.\n")
    assert [item.title for item in rows.articles] == ["notes 1", "notes 2"]
    bad = shelves.add(ANNA, "x.docx", b"no zip")
    assert bad.articles == ()
    assert "'x.docx': is no whole archive" in bad.problems[0]


def test_pasted_text_becomes_an_article_with_its_address(shelves: Shelves) -> None:
    added = shelves.paste(ANNA, "My note", "Owls hunt at night.", url="https://example.org/owls")
    article = shelves.article(ANNA, added.articles[0].id)
    assert (article.title, article.text, article.url) == (
        "My note",
        "Owls hunt at night.",
        "https://example.org/owls",
    )


def test_one_visitor_never_sees_anothers_articles(shelves: Shelves, base: Index) -> None:
    article_id = shelves.add(ANNA, "bridge.md", BRIDGE).articles[0].id
    assert own(shelves, BERT) == []
    assert shelves.fingerprint(BERT, article_id) is None
    with pytest.raises(Refusal, match="no article") as caught:
        shelves.article(BERT, article_id)
    assert caught.value.status == 404
    with pytest.raises(Refusal) as caught:
        shelves.remove(BERT, article_id)
    assert caught.value.status == 404
    with shelves.reading(BERT) as index:
        assert index is base
        assert index.frequencies(["larkwat"]).counts == {"larkwat": 0}
    shelves.add(BERT, "bridge.md", BRIDGE)
    shelves.remove(BERT, article_id)
    assert own(shelves, ANNA) == ["The Larkwater bridge"]


def test_a_visitor_without_uploads_has_no_folder(shelves: Shelves, folder: Path) -> None:
    shelves.listing(ANNA)
    assert shelves.add(ANNA, "bad.txt", b"\x00\x01\x02").articles == ()
    assert not folder.exists() or not list(folder.iterdir())
    article_id = shelves.add(ANNA, "a.txt", text(1)).articles[0].id
    assert [place.name for place in folder.iterdir() if place.is_dir()] == [ANNA.id]
    shelves.remove(ANNA, article_id)
    assert [place for place in folder.iterdir() if place.is_dir()] == []
    assert shelves.add(ANNA, "a.txt", text(1)).articles[0].id == article_id


def test_what_is_there_already_is_said_and_changes_nothing(shelves: Shelves, base: Index) -> None:
    shelves.add(ANNA, "a.txt", text(1))
    with shelves.reading(ANNA) as index:
        before = index.generation
        again = shelves.add(ANNA, "other name.txt", text(1))
        assert again == Added((), ("'Paper 1' is among the articles already: nothing to add",))
        assert index.generation == before
    assert shelves.paste(ANNA, "x", base.article("a0001").text).articles == ()
    assert len(own(shelves, ANNA)) == 1


def test_the_server_s_own_articles_stay(shelves: Shelves) -> None:
    shelves.add(ANNA, "a.txt", text(1))
    with pytest.raises(Refusal, match="Only articles that you added can be removed: ") as caught:
        shelves.remove(ANNA, "a0001")
    assert caught.value.status == 403
    with pytest.raises(Refusal) as caught:
        shelves.remove(ANNA, "nowhere")
    assert caught.value.status == 404
    assert len(shelves.listing(ANNA)) == 4


def test_articles_outlive_the_server(folder: Path, base: Index) -> None:
    first = opened(folder, base)
    article_id = first.add(ANNA, "a.txt", text(1)).articles[0].id
    first.close()
    with pytest.raises(Refusal, match="stopping"):
        first.add(ANNA, "b.txt", text(2))
    second = opened(folder, base)
    assert second.article(ANNA, article_id).title == "Paper 1"
    second.close()


def test_articles_of_another_embedder_are_made_ready_again(folder: Path, base: Index) -> None:
    first = opened(folder, base)
    first.add(ANNA, "a.txt", text(1))
    first.close()
    with remade(base, embedder("another", 32)) as other:
        second = opened(folder, other)
        assert own(second, ANNA) == ["Paper 1"]
        assert found(second, ANNA, "What of z1?")[0] == "Paper 1"
        second.close()


def test_articles_follow_the_server_s_index_when_it_is_made_anew_with_another_embedder(
    folder: Path, base: Index
) -> None:
    both = {one.name: one for one in (embedder(), embedder("another", 32))}
    with Index.open(
        Path(base.name), embedder=embedder(), settings=SETTINGS, open_named=both.__getitem__
    ) as served:
        shelves = opened(folder, served)
        shelves.add(ANNA, "a.txt", text(1))
        with shelves.reading(ANNA) as index:  # its index stays open, as somebody reads
            before = index.search("What of z1?", limit=1)
            with remade(base, both["another"]):
                pass
            assert found(shelves, ANNA, "What of z1?")[0] == "Paper 1"
            assert index.embedder == "another"
            assert index.search("What of z1?", limit=1)[0].chunk == before[0].chunk
        shelves.add(ANNA, "b.txt", text(2))
        shelves.add(BERT, "c.txt", text(3))
        assert found(shelves, ANNA, "What of z2?")[0] == "Paper 2"
        assert found(shelves, BERT, "What of z3?")[0] == "Paper 3"
        assert found(shelves, BERT, "What of w1x1v0?")[0] == "Findings of team 1"
        shelves.close()


def test_shared_articles_are_everybody_s(folder: Path, base: Index) -> None:
    shelves = opened(folder, base, shared=True)
    article_id = shelves.add(ANNA, "a.txt", text(1)).articles[0].id
    assert own(shelves, BERT) == ["Paper 1"]
    assert base.article(article_id).title == "Paper 1"
    with pytest.raises(Refusal) as caught:
        shelves.remove(BERT, "a0001")
    assert caught.value.status == 403
    shelves.remove(BERT, article_id)
    assert len(base.listing()) == 3
    assert not folder.exists()


# Limits


@pytest.mark.parametrize("name", ["a.doc", "a.png", "a", "", ".", "a.txt.exe", "/etc/passwd"])
def test_other_types_are_refused_in_one_line(shelves: Shelves, name: str) -> None:
    with pytest.raises(Refusal, match=r"\.txt, \.md, .*\.html") as caught:
        shelves.add(ANNA, name, b"words")
    assert caught.value.status == 415
    assert "\n" not in str(caught.value)


def test_what_is_too_large_is_refused(folder: Path, base: Index) -> None:
    shelves = opened(folder, base, limits=Room(file_bytes=1000))
    with pytest.raises(Refusal, match="1,000") as caught:
        shelves.add(ANNA, "a.txt", b"x" * 1001)
    assert caught.value.status == 413
    with pytest.raises(Refusal, match="1,000") as caught:
        shelves.paste(ANNA, "t", "é" * 501)
    assert caught.value.status == 413


def test_a_visitor_has_room_for_so_many_articles_and_characters(folder: Path, base: Index) -> None:
    shelves = opened(folder, base, limits=Room(articles=2, characters=300))
    shelves.add(ANNA, "1.txt", text(1))
    with pytest.raises(Refusal, match="no room for 'Paper 9'") as caught:
        shelves.add(ANNA, "9.txt", text(9, words=200))
    assert caught.value.status == 409
    shelves.add(ANNA, "2.txt", text(2))
    with pytest.raises(Refusal, match="2 articles") as caught:
        shelves.add(ANNA, "3.txt", text(3))
    assert caught.value.status == 409
    assert shelves.add(BERT, "3.txt", text(3)).articles
    shelves.close()


def test_of_many_records_those_with_room_go_in_and_the_rest_are_counted(folder: Path, base: Index) -> None:
    shelves = opened(folder, base, limits=Room(articles=2))
    lines = [json.dumps({"id": f"r{n}", "text": f"Record {n} tells of z{n}."}) for n in range(5)]
    lines.insert(1, "{broken")
    added = shelves.add(ANNA, "r.jsonl", "\n".join(lines).encode())
    assert len(added.articles) == 2
    assert added.problems[0].startswith("'r.jsonl:2': not JSON")
    assert added.problems[1].startswith("3 left out: no room for")
    shelves.close()


def test_a_thousand_broken_lines_are_told_in_a_few(shelves: Shelves) -> None:
    added = shelves.add(ANNA, "r.jsonl", b"{broken\n" * 1000)
    assert added.articles == ()
    assert len(added.problems) == 21
    assert added.problems[-1] == "and 980 more lines like these"


# Hostile names and texts


HOSTILE = (
    "<script>alert(1)</script>",
    "\x00\x1b[2J\x7f",
    "x" * 10_000,
    "\u202egnp.exe",
    "../../../etc/passwd",
    "C:\\Windows\\x",
    "\ud800 half",
    "' OR 1=1 --",
    "line\nline\r\n",
    "",
)


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_and_titles_are_text(shelves: Shelves, tmp_path: Path, name: str) -> None:
    before = sorted(place.name for place in tmp_path.iterdir())
    by_file = shelves.add(ANNA, f"{name}.txt", b"Owls hunt at night. They sleep by day.")
    by_hand = shelves.paste(ANNA, name, "Larks sing by day.", url=name)
    for added in (by_file, by_hand):
        title = added.articles[0].title
        assert 0 < len(title) <= 300
        assert not any(ord(c) < 32 or c in "\x7f\u202d\u202e" for c in title)
        assert "/etc" not in title or added is by_hand
        title.encode()
    assert {*before, "visitors"} == {place.name for place in tmp_path.iterdir()}


def test_hostile_markup_in_a_title_stays_as_it_is(shelves: Shelves) -> None:
    added = shelves.add(ANNA, "a.md", b"# &lt;img src=x onerror=alert(1)&gt;\n\nOwls hunt at night.")
    assert added.articles[0].title == "<img src=x onerror=alert(1)>"


def test_an_id_that_the_file_asks_for_is_not_given(shelves: Shelves) -> None:
    record = json.dumps({"id": "a0001", "text": "Owls hunt at night.", "title": "Owls"}).encode()
    added = shelves.add(ANNA, "r.jsonl", record)
    assert uploaded(added.articles[0].id)
    assert shelves.article(ANNA, "a0001").title == "Findings of team 1"


def test_messages_tell_nothing_of_the_server_s_folders(shelves: Shelves) -> None:
    bad = [json.dumps({"id": "r", "text": f"Owl {n}."}) for n in range(2)]
    for name, data in (
        ("a.txt", b"\x00\x01"),
        ("a.md", b"---\na: [\n---\nx"),
        ("a.jsonl", "\n".join(bad).encode()),
        ("a.txt", "Owls hunt\u202e at night".encode()),
        ("a.txt", b"caf\xe9 in the evening light"),
    ):
        said = shelves.add(ANNA, name, data).problems
        assert said
        for line in said:
            assert "/" not in line.replace("C0/C1", "")
            assert name in line
            assert "\n" not in line


def test_a_visitor_s_id_is_never_a_path(shelves: Shelves) -> None:
    for bad in ("", "..", "../x", "a" * 31, "a" * 31 + "/", "g" * 32, "a" * 32 + "\n"):
        with pytest.raises(Refusal):
            shelves.listing(Visitor(bad))


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(), st.sampled_from([".txt", ".md", ".jsonl", ".TXT"]), st.binary(max_size=200))
def test_any_name_and_any_bytes_are_articles_or_plain_lines(name: str, kind: str, data: bytes) -> None:
    upload = from_file(name + kind, data, whose="a", limit=1000, apart=SandboxedReader())
    assert upload.articles or upload.problems
    for article in upload.articles:
        assert uploaded(article.id)
        assert 0 < len(article.title) <= 300
    assert all(len(line.splitlines()) == 1 for line in upload.problems)


# Opened when needed, closed when not, gone when forgotten


def test_few_indexes_stay_open_and_none_in_use_is_closed(folder: Path, base: Index) -> None:
    shelves = opened(folder, base, limits=Room(open=2))
    visitors = [Visitor(f"{n:032x}") for n in range(5)]
    for n, visitor in enumerate(visitors):
        shelves.add(visitor, "a.txt", text(n))
    assert shelves.open() == 2
    with shelves.reading(visitors[0]) as index:
        for visitor in visitors[1:]:
            assert len(own(shelves, visitor)) == 1
        assert index.search("z0", limit=1)
        assert shelves.open() <= 3
    assert shelves.open() == 2
    shelves.close()
    assert shelves.open() == 0


def test_articles_nobody_asked_for_in_thirty_days_of_use_go(
    folder: Path, base: Index, clock: ManualClock
) -> None:
    first = opened(folder, base, now=clock)
    first.add(ANNA, "a.txt", text(1))
    first.add(BERT, "b.txt", text(2))
    for _ in range(31):
        clock.seconds += DAY_S
        assert own(first, BERT) == ["Paper 2"]
    first.close()
    (folder / "not ours").mkdir()
    second = opened(folder, base, now=clock)
    assert own(second, ANNA) == []
    assert own(second, BERT) == ["Paper 2"]
    assert sorted(place.name for place in folder.iterdir() if place.is_dir()) == [BERT.id, "not ours"]
    with second.reading(BERT):
        clock.seconds += 40 * DAY_S
        assert second.sweep() == 0
    second.close()


@pytest.mark.parametrize("jump", [20_000 * DAY_S, -20_000 * DAY_S], ids=["years ahead", "back to 1972"])
def test_a_clock_that_jumps_takes_no_articles(
    folder: Path, base: Index, clock: ManualClock, jump: float
) -> None:
    for first, then in ((0.0, jump), (jump, -jump), (-jump, 0.0)):
        clock.seconds += first
        shelves = opened(folder, base, now=clock)
        if not own(shelves, ANNA):
            shelves.add(ANNA, "a.txt", text(1))
        shelves.close()
        clock.seconds += then
        again = opened(folder, base, now=clock)
        assert own(again, ANNA) == ["Paper 1"]
        again.close()


@pytest.mark.parametrize("content", ["", "soon", "99999", "1e9"])
def test_what_says_when_articles_were_asked_for_may_be_lost(
    folder: Path, base: Index, clock: ManualClock, content: str
) -> None:
    shelves = opened(folder, base, now=clock)
    shelves.add(ANNA, "a.txt", text(1))
    shelves.close()
    for name in (f"{ANNA.id}/used", "days"):
        (folder / name).write_text(content, encoding="ascii")
    again = opened(folder, base, now=clock)
    assert own(again, ANNA) == ["Paper 1"]
    again.close()


def test_a_folder_that_cannot_be_written_is_one_clear_line(shelves: Shelves, folder: Path) -> None:
    folder.write_text("a file, where the folder should be")
    with pytest.raises(IndexFault, match="cannot be kept") as caught:
        shelves.add(ANNA, "a.txt", text(1))
    assert str(folder) not in str(caught.value)
    assert own(shelves, ANNA) == []


def test_an_index_in_use_while_all_is_closed_ends_with_its_reader(shelves: Shelves) -> None:
    shelves.add(ANNA, "a.txt", text(1))
    with shelves.reading(ANNA) as index:
        shelves.close()
        assert index.search("z1", limit=1)
    with pytest.raises(IndexFault):
        index.listing()


# At once


def test_adds_at_once_by_one_visitor_all_go_in_and_keep_to_the_limit(folder: Path, base: Index) -> None:
    shelves = opened(folder, base, limits=Room(articles=6))

    def add(n: int) -> bool:
        try:
            return bool(shelves.add(ANNA, f"{n}.txt", text(n)).articles)
        except Refusal:
            return False

    with ThreadPoolExecutor(4) as pool:
        done = list(pool.map(add, range(9)))
    assert sum(done) == 6
    assert len(own(shelves, ANNA)) == 6
    shelves.close()


def test_asking_goes_on_while_articles_come_and_go(shelves: Shelves) -> None:
    shelves.add(ANNA, "0.txt", text(0))
    ended = threading.Event()
    faults: list[BaseException] = []

    def ask() -> None:
        try:
            while not ended.is_set():
                with shelves.reading(ANNA) as index:
                    found = {hit.chunk.article_id for hit in index.search("What of z0 or w1x1v0?", limit=5)}
                    assert "a0001" in found
        except BaseException as error:  # noqa: BLE001 - whatever it is fails the test
            faults.append(error)

    asking = [threading.Thread(target=ask) for _ in range(2)]
    for thread in asking:
        thread.start()
    for n in range(1, 6):
        article_id = shelves.add(ANNA, f"{n}.txt", text(n)).articles[0].id
        shelves.remove(ANNA, article_id)
    ended.set()
    for thread in asking:
        thread.join(20)
    assert faults == []
    assert own(shelves, ANNA) == ["Paper 0"]


def test_a_chatbot_answers_from_an_added_article(shipped: Chatbot, tmp_path: Path) -> None:
    assert isinstance(shipped.index, Index)
    shelves = Shelves(tmp_path, base=shipped.index, settings=SETTINGS)
    told: list[tuple[int, int]] = []
    shelves.add(ANNA, "bridge.md", BRIDGE, on_progress=lambda done, total: told.append((done, total)))
    assert told[-1] == (1, 1)
    with shelves.reading(ANNA) as index:
        answer = Chatbot(index).ask("Who opened the Larkwater bridge?")
    assert "Edith Thornbury" in answer.text
    assert all(citation.support == "quoted" for citation in answer.citations)
    with shelves.reading(BERT) as index:
        assert Chatbot(index).ask("Who opened the Larkwater bridge?").abstained
    shelves.close()


def test_a_running_server_goes_on_when_minilm_has_caught_up(tmp_path: Path, private_home: Path) -> None:
    source = Source((str(shipped_corpus()),), "quotes", str(tmp_path / "index"), "fast")
    with serving(source, Serving(port=0)) as served:
        served.shelves.add(ANNA, "bridge.md", BRIDGE)
        said: list[list[str]] = []
        for _ in range(2):
            for visitor, question in (
                (ANNA, "Who opened the Larkwater bridge?"),
                (BERT, "How long did Colossus take to build?"),
            ):
                with served.desk.chatbot(visitor, model="quotes") as bot:
                    said.append([bot.index.embedder, bot.ask(question).text])
            repair(tmp_path / "index", embedder="minilm")
    assert private_home.exists()
    assert [embedder for embedder, _ in said] == ["wordllama-l2-supercat-256"] * 2 + ["minilm-l6-v2-int8"] * 2
    assert all("Edith Thornbury" in text for _, text in said[::2])
    assert all("122 days" in text for _, text in said[1::2])
