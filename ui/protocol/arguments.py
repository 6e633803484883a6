"""What the tools take: typed, described for the model that fills it in; what does not fit is told in one line."""

from collections.abc import Mapping
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from rag.errors import SettingsError
from rag.filters import Filter, read_filter
from ui.protocol.lines import whole_characters

LONGEST_CHECKED = 10_000  # characters of a text to check: some seconds of work, as an answer is
_MOST_PASSAGES = 50
_MOST_CHARACTERS = 20_000  # of one part of an article: some 5,000 tokens of whoever reads it
_MOST_LINES = 200

Arguments = TypeVar("Arguments", bound="Given")


class Given(BaseModel):
    """The arguments of a tool. A name that it does not have is an error: a filter that is misspelt would not hold."""

    model_config = ConfigDict(extra="forbid")


class Within(Given):
    """Which articles count."""

    publishers: Annotated[
        list[str] | None,
        Field(description="a list of strings: only articles of these publishers; all if left out"),
    ] = None
    after: Annotated[
        str | None, Field(description="a day, as '2026-05-01': only articles of this day or later")
    ] = None
    before: Annotated[
        str | None, Field(description="a day, as '2026-05-31': only articles of this day or earlier")
    ] = None

    def within(self) -> Filter:
        """The filter that they make; raises ``SettingsError``."""
        return read_filter(publishers=self.publishers, after=self.after, before=self.before)


class WithinArticles(Within):
    """Which articles count, also by their ids."""

    articles: Annotated[
        list[str] | None, Field(description="a list of strings: only the articles of these ids")
    ] = None

    def within(self) -> Filter:
        """The filter that they make; raises ``SettingsError``."""
        return read_filter(
            publishers=self.publishers, after=self.after, before=self.before, articles=self.articles
        )


class Ask(WithinArticles):
    """The arguments of ``ask``."""

    question: Annotated[
        str, Field(description="a string: one question, in plain words, up to 2,000 characters")
    ]


class Check(WithinArticles):
    """The arguments of ``check``."""

    text: Annotated[str, Field(description=f"a string: the text, up to {LONGEST_CHECKED:,} characters")]


class Search(WithinArticles):
    """The arguments of ``search``."""

    query: Annotated[
        str, Field(description="a string: what is looked for, in plain words, up to 2,000 characters")
    ]
    limit: Annotated[
        int,
        Field(
            ge=1,
            le=_MOST_PASSAGES,
            description=f"a whole number from 1 to {_MOST_PASSAGES}: passages at most",
        ),
    ] = 8


class Read(Given):
    """The arguments of ``read_article``."""

    article: Annotated[str, Field(description="a string: the article's id, as the other tools give it")]
    offset: Annotated[
        int,
        Field(
            ge=0,
            description="a whole number from 0: where to start, in code points, as 'end' of the last part",
        ),
    ] = 0
    limit: Annotated[
        int,
        Field(
            ge=1,
            le=_MOST_CHARACTERS,
            description=f"a whole number from 1 to {_MOST_CHARACTERS:,}: code points at most",
        ),
    ] = 8000


class List(Within):
    """The arguments of ``list_articles``."""

    offset: Annotated[
        int, Field(ge=0, description="a whole number from 0: how many articles of the list to pass over")
    ] = 0
    limit: Annotated[
        int,
        Field(ge=1, le=_MOST_LINES, description=f"a whole number from 1 to {_MOST_LINES}: articles at most"),
    ] = 50


def read_arguments(tool: str, takes: type[Arguments], given: Mapping[str, Any]) -> Arguments:
    """The arguments as the tool takes them; raises ``SettingsError`` where they are not such, naming the first fault.

    Half of a character becomes a question mark: a reply with it could not be sent.
    """
    try:
        return takes.model_validate(whole_characters(dict(given)))
    except ValidationError as error:
        raise SettingsError(_complaint(tool, takes, error)) from error


def _complaint(tool: str, takes: type[Given], error: ValidationError) -> str:
    faults = error.errors(include_url=False)
    # A name that is misspelt, before the one that is therefore missing.
    fault = next((one for one in faults if one["type"] == "extra_forbidden"), faults[0])
    name = str(fault["loc"][0]) if fault["loc"] else ""
    field = takes.model_fields.get(name)
    if field is None:
        return f"{tool} takes no {name!r:.60}: it takes {', '.join(takes.model_fields)}"
    if fault["type"] == "missing":
        return f"{tool} needs {name!r}: give {field.description}"
    return f"{name!r} is {fault['input']!r:.60}: give {field.description}"
