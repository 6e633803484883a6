import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.schema import Article, Citation, Evidence, Span
from rag.text.outline import Line, outline
from rag.verify.analysed_text import analyse
from rag.verify.citations import adds, check_claim, recheck, verify
from rag.verify.claims import claims
from rag.verify.lookup import Lookup
from rag.verify.rules.splices import spliced
from tests.benchmarks import verify_edits

UNTIMED = settings(deadline=None)  # the machine may be busy
SHIPPED = verify_edits.ARTICLE.read_text("utf-8").split("---", 2)[2]


def passages(*texts: str, article: str = "a") -> list[Evidence]:
    """Each text as a passage of one article that holds them line by line."""
    found, at = [], 0
    for label, text in enumerate(texts, 1):
        found.append(
            Evidence(label=label, article_id=article, span=Span(at, at + len(text)), text=text, score=1.0)
        )
        at += len(text) + 1
    return found


def shipped(*openings: str) -> list[Evidence]:
    """Sentences of the shipped article, known by some of their words, numbered from 1, as evidence has them."""
    lines = [line for line in outline(SHIPPED) if line.kind != "heading"]
    spans = [next(line.whole for line in lines if words in line.span.of(SHIPPED)) for words in openings]
    return [
        Evidence(label=label, article_id="shipped", span=span, text=span.of(SHIPPED), score=1.0)
        for label, span in enumerate(spans, 1)
    ]


EVIDENCE = shipped(
    "assembling the 100,000-GPU", "one of the largest GPU", "each H100 costs", "co-founded OpenAI in 2015",
    "raised $6 billion", "Neither company has", "Building new data centers takes", "has raised over $15",
    "investing up to $4", "will exceed $1 billion", "Microsoft backs", "poured billions", "founded xAI as a direct",
    "founded by former OpenAI", "transactional, not", "not a merger", "launched xAI in 2023", "may have excess",
    "Regulators watching", "competes with Netflix", "could set a precedent", "Demand for AI compute has",
    "No single company", "will use xAI's computing", "surplus GPU capacity during", "hundreds of thousands of its H100",
    "Nvidia's dominance", "secured massive cloud", "air-gapped environments", "cannot observe or replicate",
    "likely changes nothing", "one-time stopgap", "CoreWeave, Lambda", "compute marketplace", "Smaller AI labs benefit",
    "has struck an unexpected deal", "critical of Anthropic's approach", "probably will not be the last",
    "data processed through Claude", "maturing faster than", "More compute access means", "Renting out compute",
)  # fmt: skip

HONEST = """
Colossus was assembled in just 122 days [1].
The 100,000-GPU cluster was assembled in 122 days [1].
xAI built Colossus in Memphis, Tennessee [1].
It took 122 days to build Colossus [1].
It has more than 100,000 Nvidia H100 GPUs [2].
An H100 costs roughly $30,000 to $40,000 [3].
Each H100 costs about $30,000–$40,000 [3].
Musk co-founded OpenAI in 2015 and left its board in 2018 [4].
In 2015 Musk co-founded OpenAI, and in 2018 he departed its board [4].
OpenAI was co-founded by Musk in 2015 [4].
Elon Musk departed the OpenAI board in 2018 [4].
xAI raised $6 billion at a $24 billion valuation [5].
xAI raised 6,000 million dollars at a valuation of USD 24bn [5].
The companies have not disclosed financial terms [6].
Financial terms were not disclosed [6].
Neither Anthropic nor xAI has revealed the financial terms [6][36].
Large-scale GPU rental can cost tens of millions of dollars a month [6].
Building new data centers takes 18 to 24 months [7].
New data centers take between 18 and 24 months to build [7].
Constructing a new data center takes at least 18 months [7].
Anthropic has raised more than $15 billion, mainly from Amazon and Google [8].
Amazon has committed to invest up to $4 billion in Anthropic [9].
Training costs for frontier models may exceed $1 billion per run by 2026 [10].
Microsoft backs OpenAI, while Google and Amazon have invested billions in Anthropic [11][12].
Musk founded xAI as a direct competitor after falling out with OpenAI [13].
Anthropic was founded by former OpenAI researchers Dario and Daniela Amodei [14].
Dario Amodei and Daniela Amodei, former OpenAI researchers, founded Anthropic [14].
The deal is transactional rather than a strategic partnership [15].
It is not a merger but a pragmatic infrastructure arrangement [16].
Musk launched xAI in 2023 to compete with OpenAI, Google and Anthropic [17].
The facility may have spare capacity at certain times [18].
Anthropic will use xAI's computing infrastructure to supplement Anthropic's own GPU capacity [24].
Renting out idle compute is economically rational for xAI [18].
Regulators may view compute sharing as pro-competitive or as evidence of market dysfunction [19].
Amazon competes with Netflix in streaming, but Netflix is one of AWS's largest customers [20].
The arrangement could set a precedent for how AI companies interact [21].
Demand for compute is so extreme that rivals are forced to share resources [22].
Artificial intelligence compute demand has become so extreme that rivals must share resources [22].
No company, not even Google or Microsoft, can meet the demand with captive infrastructure alone [23].
No single company can meet these demands on its own infrastructure [23].
Anthropic will use xAI's computing infrastructure to supplement its GPU capacity for training and inference [24].
xAI has spare GPU capacity during off-peak training cycles [25].
Demand continues to outstrip supply even though Nvidia ships hundreds of thousands of H100 and H200 GPUs [26][27].
Nvidia dominates the AI chip market, which has created an unprecedented bottleneck [27].
Anthropic has secured large cloud computing commitments from Amazon Web Services and Google Cloud [28].
Such arrangements typically involve air-gapped environments and strict access controls, but the risk is never zero [29].
Anthropic would need strong safeguards so that xAI cannot observe or replicate its training processes [30].
The deal likely changes nothing for the average developer in the short term [31].
It remains to be seen whether the arrangement lasts [32].
CoreWeave and Lambda Labs have built businesses around this model [33].
The result is a “compute marketplace” where GPU time is bought, sold and traded [34].
Anthropic struck a deal to use computing resources operated by Elon Musk's xAI [36].
Musk has criticized Anthropic's approach to AI safety [37].
It probably won't be the last such partnership [38].
The AI industry is maturing faster than its infrastructure can support [40].
With more compute, Anthropic can potentially train more capable models faster and reduce latency and downtime [41].
Renting out compute generates revenue that helps offset the cost of building and operating Colossus [42].
“Anthropic is essentially renting compute time” [15].
""".strip().splitlines()

FALSE = [
    ("a changed digit", "Colossus was assembled in just 123 days [1]."),
    ("another unit", "Colossus was assembled in 122 months [1]."),
    ("another passage cited", "Colossus was assembled in just 122 days [3]."),
    ("another state", "Colossus is in Memphis, Texas [1]."),
    ("a zero less", "It has more than 10,000 Nvidia H100 GPUs [2]."),
    ("exactly for over", "It has exactly 100,000 Nvidia H100 GPUs [2]."),
    ("another maker", "It has more than 100,000 AMD H100 GPUs [2]."),
    ("another model", "It has more than 100,000 Nvidia H200 GPUs [2]."),
    ("another thing counted", "It has over 100,000 employees [2]."),
    ("one end of a range", "An H100 costs $30,000 [3]."),
    ("another currency", "An H100 costs £30,000 to £40,000 [3]."),
    ("two years exchanged", "Musk co-founded OpenAI in 2018 and left its board in 2015 [4]."),
    ("the next year", "Musk co-founded OpenAI in 2016 [4]."),
    ("another founder", "Altman co-founded OpenAI in 2015 [4]."),
    ("joined for left", "Musk joined the board in 2018 [4]."),
    ("two amounts exchanged", "xAI raised $24 billion at a $6 billion valuation [5]."),
    ("million for billion", "xAI raised $6 million at a $24 billion valuation [5]."),
    ("percent for dollars", "xAI raised 6% at a $24 billion valuation [5]."),
    ("another company", "OpenAI raised $6 billion at a $24 billion valuation [5]."),
    ("lost for raised", "xAI lost $6 billion at a $24 billion valuation [5]."),
    ("a negation dropped", "The companies have disclosed financial terms [6]."),
    ("both for neither", "Both companies have disclosed financial terms [6]."),
    ("a negation added", "Large-scale GPU rental cannot cost tens of millions of dollars per month [6]."),
    ("tens of billions", "Large-scale GPU rental can cost tens of billions of dollars per month [6]."),
    ("weeks for months", "Building new data centers takes 18-24 weeks [7]."),
    ("under for over", "Anthropic has raised under $15 billion in funding [8]."),
    (
        "one of two names",
        "Anthropic has raised over $15 billion in funding, primarily from Microsoft and Google [8].",
    ),
    ("up to dropped", "Amazon has committed to investing $4 billion [9]."),
    ("a year less", "Training costs will exceed $1 billion per run by 2025 [10]."),
    ("fell below", "Training costs fell below $1 billion per run by 2026 [10]."),
    ("names exchanged", "OpenAI backs Microsoft [11]."),
    ("giver and taker exchanged", "Anthropic has poured billions into Google and Amazon [12]."),
    ("a denied kind", "The deal is a strategic partnership [15]."),
    ("the other half denied", "This is not a pragmatic infrastructure arrangement [16]."),
    ("1923 and 1932", "Musk launched xAI in 2032 [17]."),
    ("another name of the sentence", "Musk launched Anthropic in 2023 [17]."),
    ("may dropped", "The facility has excess capacity at certain times [18]."),
    ("could dropped", "The arrangement set a precedent for how AI companies interact [21]."),
    ("smallest for largest", "Netflix is one of AWS's smallest customers [20]."),
    (
        "low for extreme",
        "Demand for AI compute has become so low that rivals are forced to share resources [22].",
    ),
    ("no for yes", "Google and Microsoft can meet these demands with captive infrastructure [23]."),
    ("can for cannot", "xAI can observe and replicate Anthropic's training processes [30]."),
    ("everything for nothing", "The deal changes everything for the average developer [31]."),
    ("never dropped", "The risk is zero [29]."),
    ("last for not last", "It will be the last partnership [38]."),
    ("a word changed in a quotation", "“Anthropic is essentially buying compute time” [15]."),
    ("a quotation without its denial", "“has disclosed financial terms” [6]."),
    ("its own words without the denial", "has disclosed financial terms [6]."),
    ("a quotation without its hedge", "“have excess capacity at certain times” [18]."),
    ("a quotation over two passages", "“Microsoft backs OpenAI. Google and Amazon” [11]."),
    ("another's own", "xAI's infrastructure will supplement xAI's GPU capacity [24]."),
    (
        "another's own, in the writer's words",
        "xAI's computing infrastructure will supplement xAI's GPU count [24].",
    ),
    ("an unknown label", "Colossus was assembled in just 122 days [99]."),
    ("label nought", "Colossus was assembled in just 122 days [0]."),
    ("general knowledge", "Paris is the capital of France [1]."),
    ("general knowledge, unmarked", "Paris is the capital of France."),
]


def verified(text: str, evidence: list[Evidence]) -> bool:
    found = verify(text, evidence)
    return bool(found) and all(citation.verified for citation in found)


@pytest.mark.parametrize("claim", HONEST)
def test_an_honest_rewording_is_verified(claim: str) -> None:
    assert [c.reason for c in verify(claim, EVIDENCE) if not c.verified] == []


@pytest.mark.parametrize("claim", HONEST)
def test_an_honest_rewording_without_a_mark_finds_its_evidence(claim: str) -> None:
    assert verified(claim[: claim.index(" [")], EVIDENCE)


@pytest.mark.parametrize("claim", [pytest.param(claim, id=name) for name, claim in FALSE])
def test_a_falsified_statement_is_never_verified(claim: str) -> None:
    found = verify(claim, EVIDENCE)
    assert found
    assert not any(citation.verified for citation in found)
    assert all(citation.reason for citation in found)


@pytest.mark.parametrize(
    ("evidence", "claim", "expected"),
    [
        pytest.param("Profit rose 5% in 1923.", "Profit fell 5% in 1923 [1].", False, id="rose and fell"),
        pytest.param(
            "Profit rose 5% in 1923.", "Profit climbed 5% in 1923 [1].", True, id="rose and climbed"
        ),
        pytest.param("Profit rose 5% in 1923.", "Profit rose 5% in 1932 [1].", False, id="1923 and 1932"),
        pytest.param("Apple sued Samsung.", "Samsung sued Apple [1].", False, id="who sued whom"),
        pytest.param("Apple sued Samsung.", "Samsung was sued by Apple [1].", True, id="passive"),
        pytest.param("Apple sued Samsung.", "Apple was sued by Samsung [1].", False, id="passive exchanged"),
        pytest.param(
            "Amazon competes with Netflix.", "Netflix competes with Amazon [1].", True, id="both ways"
        ),
        pytest.param("The “quick” fox’s den.", 'The "quick" fox\'s den [1].', True, id="curly quotes"),
        pytest.param(
            "The soft\u00adware works well.", "The software works well [1].", True, id="soft hyphen"
        ),
        pytest.param("The ﬁnance ofﬁce closed.", "The finance office closed [1].", True, id="ligatures"),
        pytest.param("İstanbul grew in 1990.", "Istanbul grew in 1990 [1].", True, id="dotted capital I"),
        pytest.param("Die Straße ist lang.", "Die STRASSE ist lang [1].", True, id="sharp s"),
        pytest.param("Die Straße ist lang.", "Die Straße ist nicht lang [1].", False, id="German not"),
        pytest.param("بُنيت القلعة في عام 1184.", "بُنيت القلعة في عام 1184 [1].", True, id="right to left"),
        pytest.param(
            "بُنيت القلعة في عام 1184.", "بُنيت القلعة في عام 1148 [1].", False, id="right to left, digits"
        ),
        pytest.param("東京は日本の首都です。", "東京は日本の首都です[1]。", True, id="CJK"),
        pytest.param("東京は日本の首都です。", "京都は日本の首都です[1]。", False, id="CJK, another city"),
        pytest.param("It cost $5\u00a0million.", "It cost $5 million [1].", True, id="no-break space"),
        pytest.param("A null \0 sign stands here.", "A null \0 sign stands here [1].", True, id="NUL"),
        pytest.param("xAI was founded by Musk.", "xAI was never founded by Musk [1].", False, id="never"),
        pytest.param(
            "The firm denied that it paid Smith.", "The firm paid Smith [1].", False, id="denied that"
        ),
        pytest.param("Sales were undisclosed.", "Sales were not disclosed [1].", True, id="undisclosed"),
        pytest.param("Sales were disclosed.", "Sales were undisclosed [1].", False, id="disclosed"),
        pytest.param(
            "The US and AWS agreed.", "The United States and Amazon Web Services agreed [1].", True, id="US"
        ),
        pytest.param(
            "He ran Apple from 1997 to 2011.", "He ran Apple from 2011 to 1997 [1].", False, id="from, to"
        ),
        pytest.param("Only two of five survived.", "All five survived [1].", False, id="all for two"),
        pytest.param(
            "A survey found that only 15% arrive by car.", "Only 15% arrive by bus [1].", False, id="bus"
        ),
        pytest.param("Some firms paid.", "Every firm paid [1].", False, id="every for some"),
    ],
)
def test_small_differences_are_told(evidence: str, claim: str, expected: bool) -> None:
    assert verified(claim, passages(evidence)) is expected


def test_two_labels_give_two_citations_and_each_must_add_something() -> None:
    both = verify(
        "Apple sued Samsung in 2011 [1][2].", passages("Apple sued Samsung in 2011.", "Rain fell in Rome.")
    )
    assert [(c.label, c.support) for c in both] == [(1, "supported"), (2, "unsupported")]


def test_two_passages_may_carry_a_claim_together() -> None:
    evidence = passages("Apple sued Samsung in 2011.", "Google paid Apple $20 billion.")
    claim = "Apple sued Samsung in 2011, and Google paid Apple $20 billion"
    assert [c.verified for c in verify(claim + " [1][2].", evidence)] == [True, True]
    assert [c.label for c in verify(claim + ".", evidence)] == [1, 2]


def test_a_clause_mixed_from_two_passages_is_not_supported() -> None:
    evidence = passages(
        "Rain fell on the old harbour wall of Rome.", "Snow covers the northern mountain pass in May."
    )
    assert not verified("Rain fell on the old northern mountain pass [1][2].", evidence)


def test_a_number_of_one_passage_is_not_lent_to_another() -> None:
    evidence = passages("The union will pay half of the cost.", "The ban cut traffic by a third.")
    assert not verified("The union will pay a third of the cost [1][2].", evidence)
    assert not verified("The union will pay a third of the cost.", evidence)


_BRIDGE = "The new bridge in Porto opened in 1998.", "The bridge is 2,000 metres long and cost $90 million."
_LOPEZ = "Maria Lopez won the race in Oslo.", "Lopez was born in Madrid in 1980 and trained as a nurse."
_RAISED = "Apple raised $5 million in May.", "Google raised $7 million in June."
_CROPS = "Rice is grown in the delta.", "Wheat is grown in the north.", "Maize is grown on the coast."


@pytest.mark.parametrize(
    ("texts", "claim"),
    [
        (_RAISED, "Both Apple and Google raised money in May and June."),
        (_RAISED, "Apple and Google raised $5 million and $7 million."),
        (_RAISED, "Apple raised $5 million in May and Google $7 million in June."),
        (_RAISED, "Google raised $7 million in June; Apple raised $5 million in May."),
        (_BRIDGE, "The bridge in Porto, which opened in 1998, cost $90 million."),
        (_BRIDGE, "The Porto bridge opened in 1998 and cost $90 million."),
        (_BRIDGE, "The Porto bridge cost $90 million."),
        (_BRIDGE, "Opened in 1998, the bridge in Porto is 2,000 metres long."),
        (_BRIDGE, "The 2,000-metre bridge in Porto opened in 1998."),
        (_LOPEZ, "Maria Lopez, born in Madrid in 1980, won the race in Oslo."),
        (_LOPEZ, "Maria Lopez, a trained nurse, won the race in Oslo."),
        (_CROPS, "Rice is grown in the delta, wheat in the north and maize on the coast."),
    ],
)
def test_an_honest_summary_of_several_passages_is_verified(texts: tuple[str, ...], claim: str) -> None:
    marks = "".join(f"[{label}]" for label in range(1, len(texts) + 1))
    assert [c.reason for c in verify(f"{claim} {marks}", passages(*texts)) if not c.verified] == []


@pytest.mark.parametrize(
    ("texts", "claim"),
    [
        (_RAISED, "Apple raised $7 million in June."),
        (_LOPEZ, "Maria Lopez won the race in Madrid in 1980."),
        (
            (
                "The guild keeps its records in a cellar by the river.",
                "The mayor wants to sell the old mill.",
            ),
            "The guild keeps its records in the old mill.",
        ),
        (
            (
                "Heavy rain has damaged most of the grain stores of Tarn.",
                "The new minister promised the teachers of Brennick a higher wage.",
            ),
            "Heavy rain has damaged most of the teachers of Brennick a higher wage.",
        ),
        (
            (
                "The packet carries the sequence number of the message.",
                "The network guarantees delivery of data.",
            ),
            "The packet carries the sequence delivery of data.",
        ),
    ],
)
def test_halves_of_two_sentences_are_never_verified_though_both_are_cited(
    texts: tuple[str, ...], claim: str
) -> None:
    found = verify(f"{claim} [1][2]", passages(*texts))
    assert not any(citation.verified for citation in found)
    assert all(citation.reason for citation in found)


def test_a_weld_is_named_by_the_two_words_that_no_passage_has_together() -> None:
    evidence = passages(
        "Heavy rain has damaged most of the grain stores, and the mill was closed in spring.",
        "The new minister promised the teachers of Brennick a higher wage.",
    )
    claim = "Heavy rain has damaged most of the grain stores, and the mill was closed the teachers of Brennick [1][2]."
    assert {c.reason for c in verify(claim, evidence)} == {
        "it joins ‘closed’ and ‘the’ of two passages that neither has together"
    }
    (citation, *_) = verify("Heavy rain has damaged the teachers of Brennick [1][2].", evidence)
    assert "of two passages that neither has together" in citation.reason


@pytest.mark.parametrize(
    "added", [" and was abandoned soon after", ", which angered many teachers", " for fear of an earthquake"]
)
def test_an_ending_that_nobody_wrote_is_never_verified(added: str) -> None:
    text = "The port of Aldmouth was rebuilt in 1871 by the council and its first keeper, Margit Olsen"
    assert verified(f"{text} [1].", passages(f"{text}."))
    assert not verified(f"{text}{added} [1].", passages(f"{text}."))


def test_two_numbers_that_change_places_in_a_copy_are_never_verified() -> None:
    evidence = passages("The inn has indoor seating for 58 guests, and a patio with seating for 38 guests.")
    claim = "The inn has indoor seating for 38 guests, and a patio with seating for 58 guests [1]."
    assert not verified(claim, evidence)


def test_a_number_between_the_very_words_it_has_in_the_article_is_in_its_place() -> None:
    text = "From 1073 to 1074, {} of the 20,000 troops of the general were from the coast."
    assert verified(text.format("8000") + " [1]", passages(text.format("8,000")))


@pytest.mark.parametrize("filler", ["grain, ", "grain and ", "the old mill of Tarn ", "5, ", "Tarn, "])
def test_a_very_long_list_is_read_in_a_moment(filler: str) -> None:
    long = filler * (20_000 // len(filler))
    claim, evidence = (
        analyse(long),
        (analyse("The old mill of Tarn sold 5 sacks."), analyse("Grain is dear.")),
    )
    whole = Lookup(evidence)
    found = {i: whole.alike(claim.words[i].term) for i in claim.keys}
    began = time.perf_counter()
    spliced(claim, evidence, found)
    assert time.perf_counter() - began < 3  # a quadratic reading takes minutes


def test_an_unknown_label_is_kept_with_an_empty_quote() -> None:
    good, bad = verify("Apple sued Samsung [1][7].", passages("Apple sued Samsung."))
    assert good.verified
    assert (bad.label, bad.located, bad.support, bad.quote, bad.span) == (
        7, "unknown_label", "unsupported", "", Span(0, 0),
    )  # fmt: skip


def test_a_statement_that_nothing_speaks_of_gets_label_nought() -> None:
    (citation,) = verify("Bananas ripen.", passages("Apple sued Samsung."))
    assert (citation.label, citation.located, citation.support) == (0, "unknown_label", "unsupported")


@pytest.mark.parametrize("text", ["Yes.", "Here are the key points:", "## Overview\n", "It is so [1]."])
def test_what_states_nothing_is_unchecked(text: str) -> None:
    found = verify(text, passages("Apple sued Samsung."))
    assert [citation.support for citation in found] == ["unchecked"]


def test_a_verbatim_quotation_is_located_to_the_letter() -> None:
    evidence = passages("First, some rain.", "It was cold. The “old” king sued Apple. He won.")
    (citation,) = verify("“The “old” king sued Apple.” [2]", evidence)
    assert citation.verified
    assert citation.verbatim
    assert (citation.located, citation.quote) == ("exact", "The “old” king sued Apple.")
    (citation,) = verify('the "old" King sued Apple [2]', evidence)
    assert (citation.located, citation.verbatim, citation.quote) == (
        "normalized",
        True,
        "The “old” king sued Apple",
    )


def test_quoted_words_inside_a_statement_must_stand_in_the_cited_passage() -> None:
    evidence = passages("The board called it a pragmatic infrastructure arrangement.")
    assert verified("The board called it “a pragmatic infrastructure arrangement” [1].", evidence)
    assert verified("The board called it “a pragmatic … arrangement” [1].", evidence)
    (citation,) = verify("The board called it “an infrastructure arrangement, pragmatic” [1].", evidence)
    assert (citation.located, citation.support) == ("missing", "unsupported")


def test_a_quotation_across_two_articles_is_missing() -> None:
    other = Evidence(label=2, article_id="b", span=Span(0, 18), text="Snow fell on Oslo.", score=1.0)
    evidence = [*passages("Rain fell on Rome."), other]
    found = verify("“Rain fell on Rome. Snow fell on Oslo.” [1][2]", evidence)
    assert [(c.article_id, c.located, c.support) for c in found] == [
        ("a", "missing", "unsupported"),
        ("b", "missing", "unsupported"),
    ]


def test_the_quote_is_the_narrowest_run_of_sentences() -> None:
    evidence = passages("Elon Musk is a businessman. He runs xAI. xAI raised $6 billion. It rained in Rome.")
    (citation,) = verify("xAI raised $6 billion [1].", evidence)
    assert citation.quote == "xAI raised $6 billion."
    (citation,) = verify("The sum that xAI raised was $6 billion [1].", evidence)
    assert citation.quote == "xAI raised $6 billion."
    (citation,) = verify("Musk runs xAI [1].", evidence)
    assert citation.quote == "Elon Musk is a businessman. He runs xAI."


def test_a_pronoun_takes_its_name_from_the_passage_before_it_only() -> None:
    article = "Elon Musk is rich. He launched xAI in 2023. Rain fell."
    first = Evidence(label=1, article_id="a", span=Span(0, 18), text=article[:18], score=1.0)
    second = Evidence(label=2, article_id="a", span=Span(19, 43), text=article[19:43], score=1.0)
    assert verified("Musk launched xAI in 2023 [2].", [first, second])
    assert not verified("Altman launched xAI in 2023 [2].", [first, second])
    assert not verified("Musk launched xAI in 2023 [2].", [second])


def test_a_title_is_no_evidence() -> None:
    (passage,) = passages("The firm paid $5 million.")
    titled = Evidence(
        label=1, article_id="a", span=passage.span, text=passage.text, score=1.0, title="Apple pays"
    )
    assert not verified("Apple paid $5 million [1].", [titled])


@pytest.mark.parametrize(
    ("text", "question", "expected"),
    [
        ("xAI built Colossus.", "Who built Colossus?", True),
        ("Colossus was built.", "Who built Colossus?", False),
        ("It took 122 days.", "How long did it take?", True),
        ("It took long.", "How long did it take?", False),
        ("In 2015.", "What happened in 2015?", False),
        ("In 2018.", "What happened in 2015?", True),
        ("Anthropic is renting compute.", "Is Anthropic renting compute?", True),
        ("Anthropic is not renting compute.", "Why is Anthropic renting compute?", True),
        ("Yes.", "Is Anthropic renting compute?", False),
        ("", "Why?", False),
    ],
)
def test_repeating_the_question_adds_nothing(text: str, question: str, expected: bool) -> None:
    assert adds(text, question) is expected


def test_a_repeated_question_is_not_called_supported() -> None:
    evidence = passages("xAI built Colossus in 122 days.")
    (citation,) = verify(
        "xAI built Colossus [1].", evidence, question="How long did xAI need to build Colossus?"
    )
    assert (citation.support, citation.reason) == ("unchecked", "it only repeats the question")
    assert verified("It was built in 122 days [1].", evidence)


def test_a_changed_or_vanished_article_makes_a_citation_stale() -> None:
    text = "xAI built Colossus."
    (citation,) = verify("“xAI built Colossus.” [1]", passages(text))
    assert recheck(citation, text) is citation
    assert recheck(citation, "The " + text).located == "stale"
    assert recheck(citation, None).located == "stale"
    assert not recheck(citation, None).verified
    (unknown,) = verify("It ran fast [9].", passages(text))
    assert recheck(unknown, None) is unknown


def test_an_overlong_statement_is_refused_with_the_limit() -> None:
    (citation,) = verify("Apple sued " * 2000 + "[1]", passages("Apple sued Samsung."))
    assert citation.support == "unsupported"
    assert "too long" in citation.reason


def test_ten_thousand_marks_keep_every_label() -> None:
    text = "".join(f"[{label % 1000}]" for label in range(10_000))
    found = verify("Apple sued Samsung " + text, passages("Apple sued Samsung."))
    assert [citation.label for citation in found] == list(range(1000))
    assert sum(citation.verified for citation in found) == 1


_TEXTS = st.text(max_size=60) | st.lists(
    st.sampled_from(
        ["Musk", "xAI", " ", " ", "sued", "not", "raised", "$6 billion", "2015", "“", "”", '"', ".", "[1]", "[2]",
         "[0]", "—", ",", "\n", "may", "only", "**", "İ", "ß", "ﬁ", "\u00ad", "\0", "東京", "שלום", "(", ")", "…"]
    ),
    max_size=25,
).map("".join)  # fmt: skip


@UNTIMED
@given(_TEXTS, st.lists(_TEXTS, max_size=3), _TEXTS)
def test_every_quote_is_a_slice_of_its_article(answer: str, lines: list[str], question: str) -> None:
    article = Article(id="a", title="t", text="\n".join(lines))
    evidence = passages(*lines)
    assert all(passage.span.of(article.text) == passage.text for passage in evidence)
    found = verify(answer, evidence, question=question)
    for citation in found:
        assert citation.quote == citation.span.of(article.text)
        assert citation.claim.end <= len(answer)
        assert citation.reason or citation.support == "supported"
        assert (citation.located == "unknown_label") == (citation.article_id == "")
    assert {citation.claim for citation in found} == {claim.span for claim in claims(answer)}
    assert found == verify(answer, evidence, question=question)


@given(
    st.integers(0, 10**9),
    st.integers(0, 10**9),
    st.sampled_from(["It cost ${:,}", "There were {} of them", "In {:,} days"]),
)
def test_a_changed_number_is_never_verified(value: int, other: int, form: str) -> None:
    evidence = passages(form.format(value) + ".")
    assert verified(form.format(other) + " [1].", evidence) == (value == other)


@UNTIMED
@given(st.sampled_from([line for line in outline(SHIPPED) if line.kind != "heading"]))
def test_the_articles_own_sentences_are_verified(line: Line) -> None:
    passage = Evidence(label=1, article_id="a", span=line.whole, text=line.whole.of(SHIPPED), score=1.0)
    (citation,) = verify(f"“{passage.text}” [1]", [passage])
    assert citation.verified
    assert citation.verbatim
    assert citation.quote.strip() in passage.text


def test_one_claim_is_checked_as_the_whole_answer_is() -> None:
    text = "Apple sued Samsung [1]. Rain fell."
    evidence = passages("Apple sued Samsung.", "Rain fell in Rome.")
    one_by_one: list[Citation] = [c for claim in claims(text) for c in check_claim(claim, evidence)]
    assert tuple(one_by_one) == verify(text, evidence)


@pytest.mark.slow
def test_edits_of_the_shipped_article_are_judged_well() -> None:
    false, true = verify_edits.count_mistakes(SHIPPED)
    # Halves cut at a joint, or inside a clause with a single key word on one side, hold nothing that words can tell.
    halves, welded = false.pop("two halves, both cited")
    assert welded <= 0.15 * halves
    made, taken = (sum(row[i] for row in false.values()) for i in (0, 1))
    assert made > 400
    assert taken <= 0.02 * made
    assert sum(row[1] for row in true.values()) <= 0.1 * sum(row[0] for row in true.values())
