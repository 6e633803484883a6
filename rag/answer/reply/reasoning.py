"""Takes a model's reasoning out of the text of its reply, by the tags that models put around it.

Read are ``<think>`` and its kin with any prefix (``<seed:think>``), ``[THINK]``, ``◁think▷``, ``<|begin_of_thought|>``
and the channels of gpt-oss and Gemma.
"""

import regex

_NAMES = (
    r"(?:think(?:ing)?|thoughts?|reason(?:ing)?|reflect(?:ion)?|analysis|scratchpad|inner_?monologue|chain_?of_?thought"
    r"|cot|deliberation)"
)
_PREFIX = r"(?:[a-z_]{1,12}:)?"

_OPENING = (
    rf"<{_PREFIX}{_NAMES}(?:\s[^<>]{{0,80}})?>|\[(?-i:THINK(?:ING)?)\]|◁{_NAMES}▷|<\|(?:begin_of_)?{_NAMES}\|>"
    r"|<\|channel\|?>\s{0,3}(?:analysis|commentary|thought)\b[^<>]{0,80}(?:<\|message\|>)?|<unused94>"
)
_CLOSING = (
    rf"</{_PREFIX}{_NAMES}\s{{0,3}}>|\[/(?-i:THINK(?:ING)?)\]|◁/{_NAMES}▷|<\|(?:end_of_|/){_NAMES}\|>"
    r"|<\|channel\|>\s{0,3}final[^<>]{0,40}<\|message\|>|<channel\|>|<\|start\|>assistant<\|message\|>|<unused95>"
)
# Tokens of a chat template that a server has let through. They say nothing.
_TEMPLATE = (
    r"<\|(?:start|im_start)\|>(?:assistant)?|<\|(?:end|message|begin_of_solution|end_of_solution|assistant)\|>"
    r"|<s>|<start_of_turn>|<bos>"
)
# Those that end the model's turn: what follows them is a turn that it made up. ``<|end|>`` ends reasoning as well.
_END_OF_TURN = r"<\|(?:return|im_end|eot_id|end_of_text|endoftext|end_of_turn)\|>|</s>|<end_of_turn>|<eos>"
_TAG = regex.compile(
    rf"(?P<opening>{_OPENING})|(?P<closing>{_CLOSING})|(?P<end>{_END_OF_TURN})|(?P<token>{_TEMPLATE})",
    regex.IGNORECASE,
)

# The beginning of what may become a tag, at the end of a text.
_HALF_TAG = regex.compile(rf"(?:{_TAG.pattern})$", regex.IGNORECASE)
_OPEN_BRACKET = regex.compile(r"[<\[◁]")
_LONGEST_TAG = 240  # characters, from the first bracket: a channel's name, and what may stand between


class ReasoningFilter:
    """Takes the pieces of a reply, whole words; gives its text without the reasoning.

    An opening tag without a closing one makes all that follows reasoning. A closing tag without an opening one makes
    all that came before it reasoning: the reply began inside. A token of the chat template that ends a turn, after some
    text, ends the reply.
    """

    def __init__(self) -> None:
        self.ended = False  # whether the model's turn is over
        self._said = False  # whether there was any text
        self._waiting = ""  # not given out yet: a tag may have begun here
        self._inside = False

    def feed(self, piece: str) -> tuple[bool, str]:
        """Take a piece. Returns text that is no reasoning, and before it whether all text before was reasoning."""
        if self.ended:
            return False, ""
        self._waiting += piece
        text, began_inside = "", False
        while match := _TAG.search(self._waiting):
            before, self._waiting = self._waiting[: match.start()], self._waiting[match.end() :]
            if not self._inside:
                text += before
            if match.group("closing"):
                if not self._inside:
                    text, began_inside = "", True
                self._inside = False
            elif match.group("opening"):
                self._inside = True
            elif match.group("end") and not self._inside and (self._said or text.strip()):
                self.ended, self._waiting = True, ""
        held = self._half_tag()
        text += "" if self._inside else self._waiting[: len(self._waiting) - held]
        self._waiting = self._waiting[len(self._waiting) - held :]
        self._said |= bool(text.strip())
        return began_inside, text

    def finish(self) -> str:
        """The stream has ended: return what was held back, but for half a tag."""
        rest = self._waiting
        self._waiting = ""
        half = _HALF_TAG.search(rest, partial=True)
        if half and half.partial and half.end() - half.start() > 1:
            rest = rest[: half.start()]
        return "" if self._inside else rest

    def _half_tag(self) -> int:
        """The number of characters at the end of the text that may be the beginning of a tag."""
        first = max(0, len(self._waiting) - _LONGEST_TAG)
        for bracket in _OPEN_BRACKET.finditer(self._waiting, first):
            if _TAG.fullmatch(self._waiting, bracket.start(), partial=True):
                return len(self._waiting) - bracket.start()
        return 0
