"""Verdicts on whole statements: a table of true and false ones, most of them about the shipped article."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.schema import Evidence
from rag.text.outline import Line, outline
from rag.verify.citations import verify
from tests.benchmarks import verify_edits
from tests.support.evidence import SHIPPED, passages, shipped, verified

UNTIMED = settings(deadline=None)  # the machine may be busy

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
xAI reportedly assembled the cluster in just 122 days [1].
The 100,000-GPU cluster was reportedly assembled in 122 days [1].
xAI built Colossus in Memphis, Tennessee [1].
xAI built its supercomputer in Memphis [1].
It has more than 100,000 Nvidia H100 GPUs [2].
An H100 costs roughly $30,000 to $40,000 [3].
Each H100 costs about $30,000–$40,000 [3].
Musk co-founded OpenAI in 2015 and left its board in 2018 [4].
He co-founded OpenAI in 2015, and he departed the board in 2018 [4].
OpenAI was co-founded by Musk in 2015 [4].
Elon Musk departed the board in 2018 [4].
xAI is said to have raised $6 billion at a $24 billion valuation [5].
xAI reportedly raised 6,000 million dollars at a valuation of USD 24bn [5].
The companies have not disclosed financial terms [6].
Financial terms were not disclosed [6].
Neither firm has revealed the financial terms [6].
Large-scale GPU rental can cost tens of millions of dollars a month [6].
Building new data centers takes 18 to 24 months [7].
Building new data centers takes between 18 and 24 months [7].
Constructing a new data center takes at least 18 months [7].
Anthropic has raised more than $15 billion, mainly from Amazon and Google [8].
Amazon has committed to invest up to $4 billion in Anthropic [9].
Training costs for frontier models may exceed $1 billion per run by 2026 [10].
Microsoft backs OpenAI, while Google and Amazon have invested billions in Anthropic [11][12].
Musk founded xAI as a direct competitor after falling out with OpenAI [13].
Anthropic was founded by former OpenAI researchers Dario and Daniela Amodei [14].
Anthropic was founded by former OpenAI researchers [14].
The deal is not a strategic partnership [15].
It is a pragmatic infrastructure arrangement [16].
Musk launched xAI in 2023 to compete with OpenAI, Google and Anthropic [17].
The facility may have spare capacity at certain times [18].
Anthropic will use xAI's computing infrastructure to supplement Anthropic's own GPU capacity [24].
The facility might have spare capacity at certain times [18].
Regulators watching consolidation may view compute sharing as pro-competitive [19].
Amazon competes with Netflix in streaming, but Netflix is one of AWS's largest customers [20].
The arrangement could set a precedent for how AI companies interact [21].
Demand for compute is so extreme that rivals are forced to share resources [22].
Artificial intelligence compute demand has become so extreme that rivals must share resources [22].
No company, not even Google or Microsoft, can meet the demand with captive infrastructure alone [23].
No single company can meet these demands on its own infrastructure [23].
Anthropic will use xAI's computing infrastructure to supplement its GPU capacity for training and inference [24].
xAI has spare GPU capacity during off-peak training cycles [25].
Demand continues to far outstrip supply [26].
An unprecedented bottleneck has been created by Nvidia's dominance over the AI chip market [27].
The company has secured large cloud computing commitments from Amazon Web Services and Google Cloud [28].
Industry sources say such arrangements typically involve air-gapped environments [29].
Anthropic would presumably need strong safeguards to ensure that xAI cannot replicate its training processes [30].
The deal likely changes nothing for the average developer in the short term [31].
It remains to be seen whether the arrangement lasts [32].
CoreWeave and Lambda Labs have built businesses around this model [33].
The result is an emerging “compute marketplace” [34].
Anthropic struck a deal to tap into computing resources [36].
Musk has criticized Anthropic's approach to AI safety [37].
It probably won't be the last [38].
The AI industry is maturing faster than its infrastructure can support [40].
Anthropic can potentially train more capable models faster [41].
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


@UNTIMED
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


def test_a_sentence_without_end_is_compared_in_a_moment_and_carries_nothing_loose() -> None:
    endless = "The mill has " + "the old wheel of the north and " * 400 + "a door."
    assert not verified("The wheel has a door [1].", passages(endless))
    assert not verified(f"{endless} [1].", passages("The mill has a door."))
