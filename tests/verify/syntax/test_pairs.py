"""Pairs of statements and words: what a clause carries, and what it only seems to."""

import pytest

from rag.verify.citations import verify
from tests.support.evidence import passages, verified

# Each text with statements that it carries, and statements that it does not.
TABLE: tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...] = (
    (
        "Critics said the plan will bankrupt the city.",
        (
            "According to critics, the plan will bankrupt the city",
            "Critics claim that the plan will bankrupt the city",
        ),
        (
            "The plan will bankrupt the city",
            "The plan bankrupted the city",
        ),
    ),
    (
        "By 18 January 1974 the minister had negotiated a withdrawal.",
        ("The minister had negotiated a withdrawal by 18 January 1974",),
        ("The minister negotiated a withdrawal on 18 January 1974",),
    ),
    (
        "Before 1950 the town had no school.",
        ("The town had no school before 1950",),
        ("The town had no school in 1950", "The town had no school after 1950"),
    ),
    (
        "It was not until 1978 that the proposals were passed by the Parliament.",
        ("The proposals were passed by the Parliament in 1978",),
        ("The proposals were passed before 1978", "The proposals were not passed in 1978"),
    ),
    (
        "In cases of fraud, the bank repays the loss.",
        ("The bank repays the loss in cases of fraud",),
        ("The bank repays the loss",),
    ),
    ("Barring a storm, the ferry sails at noon.", (), ("The ferry sails at noon",)),
    (
        "By the time a case of rabies is confirmed, the disease may have spread.",
        (),
        ("A case of rabies was confirmed",),
    ),
    (
        "Some Normans joined Turkish forces.",
        ("Some Normans joined Turkish forces",),
        ("The Normans joined Turkish forces", "All Normans joined Turkish forces"),
    ),
    ("Several of the banks closed branches.", (), ("The banks closed branches",)),
    ("Some studies show that tea helps.", (), ("Studies show that tea helps",)),
    (
        "The council discussed the closure of the school in 2019.",
        ("The council discussed the closure of the school",),
        ("The council closed the school in 2019", "The school was closed in 2019"),
    ),
    (
        "The king readied the move of the capital to Turku in 1264.",
        (),
        ("The king moved the capital to Turku in 1264",),
    ),
    (
        "The sale of the firm to Shell in 2010 surprised analysts.",
        ("The firm was sold to Shell in 2010",),
        ("Shell was sold to the firm in 2010",),
    ),
    (
        "Scientists found that Jaffa Cakes, not digestives, are the most dunkable biscuits.",
        ("Jaffa Cakes are the most dunkable biscuits",),
        ("Digestives are the most dunkable biscuits",),
    ),
    (
        "The tower is the second tallest building in Western Japan.",
        ("The tower is the second tallest building in Western Japan",),
        (
            "The tower is the tallest building in Western Japan",
            "The tower is the second tallest building in Japan",
        ),
    ),
    (
        "Warner is the world's largest media company.",
        ("Warner is the largest media company",),
        ("Warner is the world's largest company",),
    ),
    (
        "Ann did not plan to sell the mill. Nor did she plan to rent it.",
        (),
        ("Ann planned to rent the mill",),
    ),
    (
        "A year after the council approved an expansion, the mill closed.",
        (),
        ("The council approved an expansion for a year",),
    ),
    (
        "Profits nearly doubled to nearly $1.8 billion.",
        (),
        ("Profits nearly doubled from nearly $1.8 billion",),
    ),
    (
        "One of the notable uses was the chao, the paper money of the Yuan.",
        ("The Yuan's paper money was called chao",),
        ("The Yuan's army was called chao",),
    ),
    (
        "Some Huguenots fought during the first years of the Dutch Revolt (1568–1609).",
        ("The Dutch Revolt began in 1568", "The Dutch Revolt ended in 1609"),
        ("The Dutch Revolt began in 1609", "The Huguenots began in 1568"),
    ),
    (
        "In 2015 Musk co-founded OpenAI, a lab in San Francisco, but left the board in 2018.",
        ("Musk co-founded OpenAI in 2015", "In 2018 Musk left the board"),
        ("Musk co-founded OpenAI in 2018", "Musk left the board in 2015", "Musk left OpenAI, a lab"),
    ),
    (
        "The Great Yuan (Chinese: 大元) was proclaimed by Kublai in 1271.",
        ("Kublai proclaimed the Great Yuan in 1271",),
        ("Kublai rejected the Great Yuan in 1271", "The Great Yuan proclaimed Kublai in 1271"),
    ),
    (
        "The driver, who was departing for Hawaii, waved.",
        (),
        ("The driver left Hawaii", "The driver departed Hawaii"),
    ),
    (
        "Lyon is the gastronomic capital of France.",
        ("Lyon is the gastronomic capital of France",),
        ("Lyon is the capital of France",),
    ),
    ("Many farmers worry about their future if Poland joins the union.", (), ("Poland joins the union",)),
    ("Her staff works in 13 provinces of the country.", (), ("There are 13 provinces",)),
    ("Women at small colleges are likelier to graduate.", (), ("Women are likelier to graduate",)),
    ("Forty agencies took part in a chemical attack drill.", (), ("Forty agencies took part in an attack",)),
    ("Most of the tombs in the valley are sealed.", (), ("The valley is sealed",)),
    ("The Harbour Press Bookstore stocks their books.", (), ("Harbour is a bookstore",)),
    ("Minister Ann Berg opened the bridge.", ("Ann Berg is a minister",), ("The bridge is a minister",)),
    ("Profits doubled to $2 million.", (), ("Profits tripled to $2 million", "Profits halved to $2 million")),
    (
        "The lighthouse was built in 1871 by Maria Keller, not by Ann Berg.",
        ("It was Maria Keller who built the lighthouse in 1871",),
        ("It was Ann Berg who built the lighthouse", "It was not Maria Keller who built the lighthouse"),
    ),
    (
        "According to the union, 300 workers lost their jobs.",
        ("The union said 300 workers lost their jobs",),
        ("300 workers lost their jobs",),
    ),
    (
        "The prosecutor alleged that Brown took the money.",
        (
            "Brown allegedly took the money",
            "The prosecutor says Brown took the money",
        ),
        ("Brown took the money",),
    ),
    (
        "The singer reportedly sold her house for $2 million.",
        ("Reportedly, the singer sold her house for $2 million",),
        ("The singer sold her house for $2 million",),
    ),
    (
        "The museum plans to open a new wing in 2027.",
        ("The museum intends to open a new wing in 2027",),
        (
            "The museum will open a new wing in 2027",
            "The museum opened a new wing in 2027",
        ),
    ),
    (
        "Analysts expect profits to fall by 5%.",
        ("Profits are expected to fall by 5%",),
        (
            "Profits fell by 5%",
            "Profits will fall by 5%",
        ),
    ),
    (
        "If the vote passes, the school will get a new roof.",
        ("The school will get a new roof if the vote passes",),
        (
            "The school will get a new roof",
            "The school gets a new roof",
        ),
    ),
    (
        "The council may close the library.",
        (
            "The council might close the library",
            "The library may be closed by the council",
        ),
        (
            "The council closed the library",
            "The council will close the library",
        ),
    ),
    (
        "The farmer sold the horse to the baker.",
        (
            "The baker bought the horse from the farmer",
            "The horse was sold to the baker by the farmer",
        ),
        (
            "The farmer bought the horse from the baker",
            "The baker sold the horse to the farmer",
        ),
    ),
    (
        "Maria lent Tom her bicycle.",
        (
            "Tom borrowed the bicycle from Maria",
            "Maria lent her bicycle to Tom",
        ),
        (
            "Maria borrowed the bicycle from Tom",
            "Tom lent Maria a bicycle",
        ),
    ),
    (
        "The cat chased the mouse.",
        ("The mouse was chased by the cat",),
        (
            "The mouse chased the cat",
            "The cat was chased by the mouse",
        ),
    ),
    ("Trains are faster than buses.", ("Buses are slower than trains",), ("Buses are faster than trains",)),
    (
        "Pilots earn more than drivers.",
        ("Drivers earn less than pilots",),
        ("Drivers earn more than pilots",),
    ),
    ("Ann is older than Beth.", ("Beth is younger than Ann",), ("Beth is older than Ann",)),
    (
        "The landlord repairs the roof and the tenant repairs the locks.",
        (
            "The roof is repaired by the landlord",
            "The tenant repairs the locks",
        ),
        (
            "The tenant repairs the roof",
            "The landlord repairs the locks",
        ),
    ),
    (
        "Adults pay 12 euros; children pay 5 euros.",
        ("Children pay 5 euros",),
        (
            "Children pay 12 euros",
            "The price for adults is 5 euros",
        ),
    ),
    (
        "Oslo, the capital of Norway, hosted the games in 1952.",
        (
            "Oslo is the capital of Norway",
            "The capital of Norway hosted the games in 1952",
            "Oslo hosted the games in 1952",
        ),
        (),
    ),
    (
        "The novelist Zadie Smith teaches at a university in New York.",
        (
            "Zadie Smith is a novelist",
            "Zadie Smith teaches at a university",
        ),
        (),
    ),
    (
        "The bridge, which opened in 1932, was designed by Ralph Freeman.",
        (
            "The bridge opened in 1932",
            "Ralph Freeman designed the bridge",
        ),
        (
            "The bridge was designed in 1932",
            "Ralph Freeman opened the bridge",
        ),
    ),
    (
        "The board rejected the offer.",
        (
            "The board turned down the offer",
            "The offer was rejected",
        ),
        (
            "The board accepted the offer",
            "The board did not reject the offer",
        ),
    ),
    (
        "Teachers who have ten years of service get a bonus.",
        ("Teachers with ten years of service get a bonus",),
        (
            "All teachers get a bonus",
            "Teachers get a bonus",
        ),
    ),
    (
        "The pills may not be taken with milk.",
        ("The pills must not be taken with milk",),
        ("The pills may be taken with milk",),
    ),
    (
        "Neither the mayor nor the governor attended the funeral.",
        ("The mayor did not attend the funeral",),
        (
            "The mayor attended the funeral",
            "The governor attended the funeral",
        ),
    ),
    (
        "The company denied that it had paid bribes.",
        ("The company denied paying bribes",),
        ("The company paid bribes",),
    ),
    ("Lee failed to finish the race.", ("Lee did not finish the race",), ("Lee finished the race",)),
    (
        "The study found that coffee lowers the risk of stroke.",
        ("Coffee lowers the risk of stroke",),
        ("Coffee raises the risk of stroke",),
    ),
    ("Smith believes the tunnel is safe.", ("The tunnel is safe, Smith believes",), ("The tunnel is safe",)),
    (
        "In March the firm hired 40 engineers and in June it dismissed 15 clerks.",
        (
            "The firm dismissed 15 clerks in June",
            "The firm hired 40 engineers in March",
        ),
        (
            "In June the firm hired 40 engineers",
            "The firm dismissed 40 engineers",
        ),
    ),
    (
        "The first edition sold 500 copies, while the second sold 900.",
        ("The first edition sold 500 copies",),
        ("The second edition sold 500 copies",),
    ),
    (
        "Employees pay 25% of the premium and the employer pays 75%.",
        (
            "Employees pay 25% of the premium",
            "The employer pays 75%",
        ),
        (
            "Employees pay 75% of the premium",
            "The employer pays 25%",
        ),
    ),
    (
        "The emperor's brother killed the general.",
        ("The general was killed by the emperor's brother",),
        ("The emperor killed the general",),
    ),
    (
        "Napoleon was defeated by Wellington at Waterloo.",
        ("Wellington defeated Napoleon at Waterloo",),
        ("Napoleon defeated Wellington",),
    ),
    (
        "The former minister Jane Park chairs the committee.",
        ("Jane Park is a former minister",),
        ("The minister chairs the committee",),
    ),
    (
        "Because of the storm, the ferry was cancelled.",
        ("The ferry was cancelled because of the storm",),
        ("The storm was cancelled because of the ferry",),
    ),
    (
        "Two of the five suspects were released.",
        ("Two suspects were released",),
        (
            "Five suspects were released",
            "The five suspects were released",
        ),
    ),
    (
        "The town wants to build a stadium.",
        (),
        (
            "The town built a stadium",
            "The town is building a stadium",
        ),
    ),
    (
        "Members are allowed to bring guests.",
        ("Members may bring guests",),
        (
            "Members must bring guests",
            "Members brought guests",
        ),
    ),
    (
        "The drug was tested on mice but not on humans.",
        ("The drug was tested on mice",),
        ("The drug was tested on humans",),
    ),
    (
        "The mayor said on Monday that the pool had closed.",
        ("The mayor said the pool had closed",),
        ("The pool closed on Monday",),
    ),
    (
        "Before the merger Acme had 90 stores; after the merger it had 140.",
        (),
        ("Before the merger Acme had 140 stores",),
    ),
    (
        "Visitors from Spain outnumber visitors from Italy.",
        (),
        ("Visitors from Italy outnumber visitors from Spain",),
    ),
    (
        "The river flows from Lake Tana to the sea.",
        ("The river flows to the sea",),
        ("The river flows from the sea to Lake Tana",),
    ),
    (
        "He gave the award to the nurse who saved the child.",
        ("The nurse saved the child",),
        ("The child saved the nurse",),
    ),
    (
        "The union and the employer signed the agreement on Friday.",
        (
            "The agreement was signed on Friday",
            "The union signed the agreement",
        ),
        (),
    ),
    (
        "Residents threatened to sue the airport.",
        ("Residents threatened to sue the airport",),
        ("Residents sued the airport",),
    ),
    (
        "The court ordered the bank to repay the customers.",
        ("The court ordered the bank to repay the customers",),
        (
            "The bank repaid the customers",
            "The customers repaid the bank",
        ),
    ),
    (
        "Without a permit, boats cannot enter the harbour.",
        ("Boats cannot enter the harbour without a permit",),
        (
            "Boats cannot enter the harbour",
            "Boats can enter the harbour without a permit",
        ),
    ),
    ("The chairman resigned after the audit.", (), ("The chairman resigned before the audit",)),
)


@pytest.mark.parametrize(("words", "claim"), [(words, claim) for words, true, _ in TABLE for claim in true])
def test_a_clause_carries_it_in_other_words(words: str, claim: str) -> None:
    assert [c.reason for c in verify(f"{claim} [1].", passages(words)) if not c.verified] == []


@pytest.mark.parametrize(("words", "claim"), [(words, claim) for words, _, false in TABLE for claim in false])
def test_the_same_words_put_together_otherwise_are_never_verified(words: str, claim: str) -> None:
    assert not verified(f"{claim} [1].", passages(words))


@pytest.mark.parametrize(
    ("words", "claim", "reason"),
    [
        ("Critics said the plan will bankrupt the city.", "The plan will bankrupt the city",
         "the article gives this as what critics said"),
        ("The museum plans to open a wing.", "The museum opened a wing", "the article gives this as a plan: ‘plans’"),
        ("If the vote passes, taxes will rise.", "Taxes will rise",
         "the article gives this under a condition: ‘If the vote passes’"),
        ("The vote may fail.", "The vote failed", "the cited words say ‘may’"),
    ],
)  # fmt: skip
def test_the_reason_says_how_the_article_gives_it(words: str, claim: str, reason: str) -> None:
    assert [c.reason for c in verify(f"{claim} [1].", passages(words))] == [reason]


def test_a_supported_report_names_its_speaker() -> None:
    (citation,) = verify(
        "The plant will close, the union said [1].", passages("The union said the plant will close.")
    )
    assert (citation.verified, citation.speaker, citation.mood) == (True, "The union", "said")


def test_a_supported_condition_is_named() -> None:
    (citation,) = verify(
        "Taxes will rise if the vote passes [1].", passages("If the vote passes, taxes will rise.")
    )
    assert (citation.verified, citation.condition) == (True, "If the vote passes")


def test_a_short_answer_from_a_report_has_its_mood() -> None:
    evidence = passages("The hall was reportedly built in just 122 days.")
    (citation,) = verify("122 days [1].", evidence, question="How long did it take to build the hall?")
    assert (citation.verified, citation.mood) == (True, "reportedly")


def test_a_short_answer_must_stand_where_the_question_asks() -> None:
    evidence = passages("The buyer pays the tax and the seller pays the fee.")
    assert verified("The seller [1].", evidence)
    (citation,) = verify("The buyer [1].", evidence, question="Who pays the fee?")
    assert citation.support == "unsupported"


@pytest.mark.parametrize(
    ("words", "answer", "claimed", "cited"),
    [
        ("Profits rose 21% in 2019.", "Profits rose **12%** in 2019 [1].", "12%", "21%"),
        ("Apple sued Samsung in 2011.", "In short, Apple sued Nokia in 2011 [1].", "Nokia", "Samsung"),
        ("The seller pays the fee.", "The buyer pays the fee [1].", "buyer", "seller"),
    ],
)
def test_the_one_thing_that_differs_is_marked_on_both_sides(
    words: str, answer: str, claimed: str, cited: str
) -> None:
    (citation,) = verify(answer, passages(words))
    assert citation.contrary is not None
    assert citation.contrary.claim.of(answer) == claimed
    assert citation.contrary.words.of(words) == cited


def test_nothing_is_marked_where_nothing_single_differs() -> None:
    (citation,) = verify("Bananas ripen in Rome [1].", passages("Apple sued Samsung in 2011."))
    assert citation.contrary is None


def test_a_copied_mark_of_the_source_is_no_mark_of_ours() -> None:
    assert verified("The city has nine wards [9] [1].", passages("The city has nine wards [9] and a mayor."))


def test_the_head_of_a_table_states_nothing() -> None:
    table = "| Name | Year |\n|---|---|\n"
    assert [c.support for c in verify(table, passages("Name and year are given."))] == ["unchecked"]


@pytest.mark.parametrize(
    "lead", ["Based on the passages, ", "According to the article, ", "The passage says that "]
)
def test_naming_the_passages_as_the_source_adds_nothing(lead: str) -> None:
    assert verified(f"{lead}the city has nine wards [1].", passages("The city has nine wards."))


def test_no_at_the_head_of_a_statement_is_never_taken_for_a_lead_in() -> None:
    assert not verified("No firm paid the tax [1].", passages("The firm paid the tax."))
