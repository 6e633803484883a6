"""The judgement of a reading model: whether the evidence states the answer, before anything is written."""

from collections.abc import Sequence

from rag.answer.prompts import Messages, judge_messages
from rag.answer.reply.reader import ReplyReader
from rag.models.first_token import first_token_logprobs
from rag.models.providers import raising_model_errors
from rag.models.writers import Writer
from rag.schema import Evidence
from rag.system.tracing import Attributes, spanned

# A token that is not among the most likely ones is taken for as likely as this: log-probability, natural logarithm.
_UNLIKELY = -15.0


# What a plain yes or no is worth in log-odds, where a model gives no log-probabilities. It is an assumption: yes seven
# times in eight.
_SAID = 2.0
_TOKENS = 320  # for the word, and for the reasoning that some models write before it


def _counted(odds: float | None) -> Attributes:
    return {} if odds is None else {"pincite.log_odds": odds}


@spanned("judge", _counted)
def judge(writer: Writer, evidence: Sequence[Evidence], question: str) -> float | None:
    """The log-odds that the first passages of ``evidence`` state the answer: of the one token yes over no.

    Where the model gives no log-probabilities, as many hosted ones do not, its word counts; ``None`` where that is
    neither yes nor no. The measure is P(IK) of Kadavath et al. 2022, "Language Models (Mostly) Know What They Know",
    section 5, by prompt alone. Raises ``ModelError``.
    """
    messages = judge_messages(evidence, question)
    found = yes_over_no(writer, messages)
    return {"yes": _SAID, "no": -_SAID}.get(_word(writer, messages)) if found is None else found


def yes_over_no(writer: Writer, messages: Messages) -> float | None:
    """The log-odds of the one token yes over no; ``None`` where the model gives no log-probabilities."""
    with raising_model_errors(writer.name):
        likely = first_token_logprobs(writer.model, messages)
    return _best(likely, "yes") - _best(likely, "no") if likely else None


def _word(writer: Writer, messages: Messages) -> str:
    """The first word that the model replies, in lower case, without reasoning and punctuation."""
    reader = ReplyReader()
    for chunk in writer.stream(messages, tokens=_TOKENS):
        reader.feed(chunk)
    reader.finish()
    if reader.refused:
        return "no"
    return reader.text.strip().partition(" ")[0].strip(".,:;!*\"“”'").lower()


def _best(likely: Sequence[tuple[str, float]], word: str) -> float:
    """The highest log-probability of a token that is ``word``, whatever its case and the space around it."""
    return max((value for token, value in likely if token.strip().lower() == word), default=_UNLIKELY)
