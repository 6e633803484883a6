import pytest

from rag.question.followup import needs_history, standalone_question
from rag.schema import Turn

BUILT = Turn(
    question="How long did Colossus take to build?",
    answer="“xAI built its Colossus supercomputer in 122 days.” [1]",
)


@pytest.mark.parametrize(
    ("question", "searched"),
    [
        ("and who built it?", "who built Colossus?"),
        ("Where is it?", "Where is Colossus?"),
        ("and its valuation?", "Colossus' valuation?"),
        ("why?", "Why: How long did Colossus take to build?"),
        ("what about Dojo?", "How long did Dojo take to build?"),
        ("What does that mean?", "What does Colossus mean?"),
    ],
)
def test_a_question_that_leans_takes_up_the_subject(question: str, searched: str) -> None:
    assert standalone_question(question, [BUILT]) == searched


@pytest.mark.parametrize(
    "question",
    [
        "How much does an H100 cost?",
        "Who founded Anthropic?",
        "Did Anthropic say why it needs GPUs?",
        "What is the deal that Musk made?",
        "Summarise the article",
    ],
)
def test_a_question_that_stands_alone_is_left_as_it_is(question: str) -> None:
    assert standalone_question(question, [BUILT]) == question


def test_without_history_nothing_is_changed() -> None:
    assert standalone_question("and who built it?", []) == "and who built it?"
    assert needs_history("and who built it?")


def test_a_person_s_pronoun_takes_the_person_who_was_the_answer() -> None:
    history = [
        Turn(question="Who founded xAI?", answer="“Musk, meanwhile, founded xAI as a direct competitor.” [1]")
    ]
    assert standalone_question("When did he leave OpenAI?", history) == "When did Musk leave OpenAI?"


def test_it_takes_the_name_that_was_asked_for() -> None:
    history = [Turn(question="Which company makes Claude?", answer="“Anthropic, the maker of Claude” [1]")]
    assert standalone_question("Who founded it?", history) == "Who founded Anthropic?"


def test_the_subject_is_carried_through_several_turns() -> None:
    history = [
        Turn(question="What is Colossus?"),
        Turn(question="How many GPUs does it have?", answer="“over 100,000 GPUs” [1]"),
    ]
    assert standalone_question("Where is it?", history) == "Where is Colossus?"


def test_a_name_in_small_letters_is_known_by_the_answer() -> None:
    history = [
        Turn(
            question="how long did colossus take", answer="“xAI built its Colossus cluster in 122 days.” [1]"
        )
    ]
    assert standalone_question("who owns it?", history) == "who owns colossus?"


@pytest.mark.parametrize(
    ("answer", "searched"),
    [
        ("Today the chain Chick-fil-a opened", "Where is Chick-fil-a?"),
        ("Scotland's First Minister resigned", "Where is Scotland's First Minister?"),
        ("Even GPUs of xAI were idle", "Where is xAI?"),
    ],
)
def test_the_subject_is_a_whole_name_and_no_other_capitalised_word(answer: str, searched: str) -> None:
    assert standalone_question("Where is it?", [Turn(question="which one?", answer=answer)]) == searched


def test_what_about_is_added_in_brackets_where_the_question_has_two_names() -> None:
    history = [Turn(question="Did Musk found xAI?", answer="Yes.")]
    assert standalone_question("what about Dojo?", history) == "Did Musk found xAI (Dojo)?"


def test_where_nothing_is_named_the_last_noun_phrase_is_the_subject() -> None:
    history = [Turn(question="how was the old bridge painted?", answer="")]
    assert standalone_question("Where is it?", history) == "Where is the old bridge?"


KESTREL = Turn(
    question="How much is a tyre change for the Kestrel?",
    answer="“A tyre change for the Kestrel costs 84 crowns.” [1]",
)


def turns(*pairs: tuple[str, str]) -> list[Turn]:
    return [Turn(question=question, answer=answer) for question, answer in pairs]


@pytest.mark.parametrize(
    ("before", "question", "searched"),
    [
        (KESTREL.question, "What about a service?", "How much is a service for the Kestrel?"),
        (KESTREL.question, "And for the Plover?", "How much is a tyre change for the Plover?"),
        (KESTREL.question, "the Plover?", "How much is a tyre change for the Plover?"),
        ("How much is a Kestrel tyre change?", "and a service?", "How much is a Kestrel service?"),
        ("How much is a Kestrel service?", "and the Plover?", "How much is a Plover service?"),
        (
            "How big is the battery of the Kestrel?",
            "and the Plover's?",
            "How big is the battery of the Plover?",
        ),
        ("How many GPUs does Colossus have?", "and employees?", "How many employees does Colossus have?"),
        ("How many cars were sold in 2022?", "and in 2023?", "How many cars were sold in 2023?"),
        ("Where does Musk live?", "And in winter?", "Where does Musk live in winter?"),
        (
            "How high is the fee for the course?",
            "What about Dojo?",
            "How high is the fee for the course (Dojo)?",
        ),
    ],
)
def test_a_phrase_replaces_the_phrase_of_its_role(before: str, question: str, searched: str) -> None:
    assert standalone_question(question, [Turn(question=before)]) == searched


def test_the_noun_phrase_is_replaced_again_and_again() -> None:
    asked = ["What about a service?", "What about a windscreen replacement?", "And for the Plover?"]
    history = [KESTREL, *(Turn(question=question) for question in asked)]
    assert standalone_question("Where is it built?", history) == "Where is the Plover built?"


def test_it_is_no_person_and_he_is_not_she() -> None:
    history = turns(
        ("Who founded the garage?", "- “Mira Holt founded the garage in 1994.” [1]"),
        ("Where was she born?", "“She was born in Oulu.” [1]"),
        ("Does she have a brother?", "“Her brother Sten Holt runs the paint shop.” [1]"),
        ("When did he join?", "“He joined in 2003.” [1]"),
    )
    assert standalone_question("What does he do?", history) == "What does Sten Holt do?"
    assert standalone_question("How old is she?", history) == "How old is Mira Holt?"
    assert standalone_question("When is it closed?", history[:1]) == "When is the garage closed?"
    assert standalone_question("When did he join?", history[:3]) == "When did Sten Holt join?"


def test_it_takes_the_subject_of_the_answer_where_the_question_has_none() -> None:
    history = turns(("How many mechanics are there?", "“The garage employs 14 mechanics.” [1]"))
    assert standalone_question("When is it closed?", history) == "When is the garage closed?"
    assert standalone_question("What do they earn?", history) == "What do the mechanics earn?"


def test_an_it_that_means_a_later_clause_is_left() -> None:
    question = "How much does it cost to change its tyres?"
    expected = "How much does it cost to change the Plover's tyres?"
    assert standalone_question(question, [Turn(question="Tell me about the Plover.")]) == expected


def test_a_capital_at_the_start_of_a_sentence_makes_no_name() -> None:
    history = turns(
        ("What is Colossus?", "“Colossus is a supercomputer.”"),
        ("Why was it costly?", "“Building data centers takes 18 months.”"),
    )
    assert standalone_question("How many GPUs does it have?", history) == "How many GPUs does Colossus have?"


def test_a_name_that_begins_a_sentence_is_whole() -> None:
    history = turns(("which bank was it?", "“Wells Fargo opened a branch.” [1]"))
    assert standalone_question("Where is it?", history) == "Where is Wells Fargo?"


def test_a_comparison_names_the_last_two() -> None:
    history = [KESTREL, Turn(question="and the Plover?")]
    assert (
        standalone_question("which one is cheaper?", history)
        == "which one is cheaper, the Kestrel or the Plover?"
    )


def test_a_rewritten_question_stays_as_it_is() -> None:
    asked = ["What about a service?", "And for the Plover?", "Where is it built?", "And its battery?"]
    history = [KESTREL]
    for question in asked:
        searched = standalone_question(question, history)
        assert standalone_question(searched, history) == searched
        history.append(Turn(question=searched))


def test_there_is_needs_no_history() -> None:
    assert not needs_history("How many mechanics are there?")


OVERVIEWS = [
    "What are the key points?",
    "Give me the gist.",
    "Summarize the article.",
    "What is the main idea?",
    "What are the most important facts?",
    "What is the bottom line?",
    "What's the big picture?",
    "What is the essence of the article?",
    "What is the main argument?",
    "What is the moral of the story?",
    "List the key facts.",
    "What are the top three points?",
    "Give me the short version.",
    "Write a synopsis.",
    "What is the TLDR?",
    "Summarise the report.",
]


@pytest.mark.parametrize("overview", OVERVIEWS)
def test_the_form_of_a_summary_is_nothing_that_a_pronoun_refers_to(overview: str) -> None:
    named = Turn(question=overview, answer="- The museum of Oslo was built by Ann Lee [1].")
    assert standalone_question("When was it opened?", [named]) == "When was the museum opened?"
    unnamed = Turn(question=overview, answer="Much is planned.")
    assert standalone_question("When was it opened?", [unnamed]) == "When was it opened?"
    assert standalone_question("Who are they?", [unnamed]) == "Who are they?"


@pytest.mark.parametrize(
    ("asked", "meant"),
    [
        ("What are the key points of the merger?", "the merger"),
        ("What is the main argument against the toll?", "the toll"),
        ("Where is the picture?", "the picture"),
        ("What is the essence of the treaty?", "the treaty"),
        ("How long is the lease?", "the lease"),
        ("What does the policy cost?", "the policy"),
    ],
)
def test_the_topic_of_a_summary_is_what_a_pronoun_refers_to(asked: str, meant: str) -> None:
    searched = standalone_question("When was it agreed?", [Turn(question=asked, answer="Much is planned.")])
    assert searched == f"When was {meant} agreed?"


@pytest.mark.parametrize(
    ("before", "question", "searched"),
    [
        ("How much is a night for a cat?", "And the dog?", "How much is a night for the dog?"),
        ("how much for a cat", "dog?", "how much for a dog"),
        ("How much is a ticket for adults?", "And children?", "How much is a ticket for children?"),
        ("Where are rabbits kept?", "What about cats?", "Where are cats kept?"),
        ("What does clause 2.2 say?", "And 3.3?", "What does clause 3.3 say?"),
        ("What is the total of invoice 880?", "and invoice 881?", "What is the total of invoice 881?"),
        ("How many visitors came in 2018?", "2017?", "How many visitors came in 2017?"),
        ("How many guests came in 2019?", "and the year before that?", "How many guests came in 2018?"),
        ("Which piece is the oldest?", "and the largest one?", "Which piece is the largest?"),
        (
            "When must audited accounts be sent?",
            "the monthly ones?",
            "When must monthly accounts be sent?",
        ),
        ("Is there a non-compete clause?", "And confidentiality?", "Is there confidentiality?"),
        ("Tell me about the rules", "what about prices?", "Tell me about prices"),
        ("How many directors does the investor appoint?", "and the founders?", None),
        ("When did the museum reopen?", "and the library?", "When did the library reopen?"),
        ("How much is a night?", "How much is that for a dog?", "How much is a night for a dog?"),
        ("When do beginners train?", "and the advanced rowers?", "When do the advanced rowers train?"),
        ("Who pays for small repairs?", "and for the others?", "Who pays for the others?"),
        ("What does section 3 say?", "and the next one?", "What does section 4 say?"),
        ("What does clause 2.3 say?", "and the previous clause?", "What does clause 2.2 say?"),
        ("May a cat be kept?", "Under what condition?", "Under what condition: May a cat be kept?"),
        ("How much is the fee?", "per month?", "How much is the fee per month?"),
        (
            "Who is eligible for the pension?",
            "what about contractors",
            "Who is eligible for the pension (contractors)?",
        ),
        ("Which way is shorter?", "By whom?", "By whom: Which way is shorter?"),
    ],
)
def test_a_number_a_bare_noun_and_the_whole_topic_have_their_roles(
    before: str, question: str, searched: str | None
) -> None:
    wanted = searched or "How many directors does the founders appoint?"
    assert standalone_question(question, [Turn(question=before)]) == wanted


def test_that_right_is_the_whole_right_that_was_named() -> None:
    refusal = turns(("What is the right of first refusal?", "“A holder shall offer the shares.” [1]"))
    assert standalone_question("How long does that right last?", refusal) == (
        "How long does the right of first refusal last?"
    )
    drag = turns(("drag along right", "“2.2 Drag along right.” [1]"))
    assert standalone_question("When does that right start?", drag) == "When does the drag along right start?"
    assert standalone_question("Who wrote that book?", drag) == "Who wrote that book (drag along right)?"


def test_a_particle_is_part_of_the_thing() -> None:
    history = turns(("What does the tag along right say?", ""))
    assert standalone_question("Who may use it?", history) == "Who may use the tag along right?"


def test_the_second_one_is_the_second_name_of_the_answer() -> None:
    history = turns(("Who are the founders?", "“1.2 The founders are Ellen Brook and Tomas Reier.” [1]"))
    assert standalone_question("Who is the second one?", history) == "Who is Tomas Reier?"
    assert standalone_question("Who is the first?", history) == "Who is Ellen Brook?"


def test_whoever_takes_the_place_of_a_person_is_one() -> None:
    history = turns(
        ("Who manages the hotel?", "“Petra Lind manages the hotel.” [1]"),
        ("Where did she study?", "“She studied in Uppsala.” [1]"),
        ("And Mara Osei?", "“Mara Osei trains the dogs.” [1]"),
    )
    assert standalone_question("When did she start?", history) == "When did Mara Osei start?"


def test_her_husband_is_another_than_she() -> None:
    history = turns(
        ("Who manages the hotel?", "“Petra Lind manages the hotel.” [1]"),
        ("Who is her husband?", "“Her husband Jonas Lind is the veterinarian.” [1]"),
    )
    assert standalone_question("What does he do?", history) == "What does Jonas Lind do?"
    assert standalone_question("How old is she?", history) == "How old is Petra Lind?"


def test_which_is_the_cheapest_asks_of_all() -> None:
    history = turns(("How much is a night for a dog?", "“A night for a dog costs 22 euros.” [1]"))
    assert standalone_question("Which is the cheapest?", history) == "Which is the cheapest night?"
    counted = turns(("How many pieces does the museum own?", "“The museum owns 12,000 pieces.” [1]"))
    assert standalone_question("Which is the oldest?", counted) == "Which is the oldest of the pieces?"


def test_what_the_articles_do_not_speak_of_is_no_subject_to_go_on_with() -> None:
    refused = turns(("Is there a sauna?", "The articles do not say. They do not mention “sauna”."))
    assert standalone_question("What is the deposit?", refused) == "What is the deposit?"
    assert "articles" not in standalone_question("How long does it last?", refused)


def test_a_day_is_nothing_that_it_refers_to() -> None:
    history = turns(("When is it open on Saturdays?", "“On Saturdays it is open from 9 to 13.” [1]"))
    assert standalone_question("and on weekdays?", history) == "When is it open on weekdays?"
    assert "Saturdays" not in standalone_question("Where is it?", history)


def test_it_goes_on_meaning_the_document_that_was_asked_about() -> None:
    history = turns(
        ("Who can I call?", "“The telephone number is 5550.” [1]"),
        ("What is this guide about?", "- “Adults pay 180 euros.” [1]"),
    )
    assert standalone_question("Who is it for?", history) == "Who is it for?"
    asked = [*history, Turn(question="Who is it for?", answer="“It is for new members.” [1]")]
    assert standalone_question("When was it published?", asked) == "When was it published?"


def test_a_name_with_a_small_word_inside_is_one() -> None:
    history = turns(("Who restored the boat?", "“The boat was restored by Henk de Boer in 2014.” [1]"))
    assert standalone_question("When does he row?", history) == "When does Henk de Boer row?"
