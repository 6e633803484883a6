"""Greetings, thanks and goodbyes: turns that are nothing else, and those before or after a question."""

from typing import Literal

import regex

from rag.question.phrases import plain
from rag.text.words import words

Pleasantry = Literal["greeting", "thanks", "goodbye"]

_HELLO = (
    r"(?:hi|hii+|hello|hey|heya|hiya|howdy|yo|greetings|good (?:morning|afternoon|evening|day)|morning|hallo"
    r"|servus|moin"
    r"|guten (?:tag|morgen|abend)|grüß gott|bonjour|bonsoir|salut|hola|buenos días|buenos dias|buenas (?:tardes"
    r"|noches)"
    r"|buongiorno|buonasera|olá|bom dia|hej|ahoj|dobrý den|cześć|namaste|salam|привет|здравствуйте|こんにちは|你好)"
)

_ADDRESSEE = r"(?:there|all|everyone|everybody|team|bot|chatbot|again|you|mate|friend|pincite|folks|guys)"

_HOW_ARE_YOU = (
    r"(?:how are you(?: doing)?(?: today)?|how's it going|how do you do|what's up|nice to meet you"
    r"|i hope you are well)"
)

_THANK = (
    r"(?:(?:many |no )?thanks|thank (?:you|u)|thankyou|thx|thnx|ty|tysm|cheers|much appreciated"
    r"|i appreciate (?:it|that)"
    r"|danke|dankeschön|danke schön|vielen dank|besten dank|merci|merci beaucoup|(?:muchas )?gracias"
    r"|grazie(?: mille)?"
    r"|obrigad[oa]|tack|dank (?:je|u)(?: wel)?|dziękuję|děkuji|спасибо|ありがとう|谢谢)"
)

_DEGREE = (
    r"(?:very much|so much|a lot|a million|a bunch|again|indeed|anyway|then|mate|"
    r"for (?:that|this|everything|(?:the|your|all your) (?:help|answers?|info|information|explanation|time)))"
)

_PRAISE = (
    r"(?:great|perfect|cool|nice|awesome|brilliant|excellent|good|wonderful|fantastic|amazing|lovely|super"
    r"|interesting"
    r"|very (?:good|nice|helpful|interesting|useful)|(?:so |very )?helpful|wow|well done|good (?:job|answer|bot"
    r"|work|one)"
    r"|great (?:job|answer|work)|nice (?:job|one|work)|that (?:really )?help(?:s|ed)(?: me)?(?: a lot)?"
    r"|(?:that's|that is|that was|it's|this is) (?:all )?(?:very |really |so |quite )?(?:great|helpful|useful"
    r"|perfect|good|nice|cool|interesting"
    r"|clear|fine|awesome|amazing|(?:all |exactly )?what i (?:needed|wanted)(?: to know)?|all i (?:needed"
    r"|wanted)(?: to know)?)"
    r"|you(?:'re| are) (?:great|awesome|the best|(?:very )?helpful|amazing)|i love (?:it|this)|love it)"
)

_ACKNOWLEDGED = (
    r"(?:ok|okay|k|oh|ah|aha|alright|all right|sure|fine|right|got it|i see|i understand|understood|makes sense"
    r"|that makes sense"
    r"|noted|yes|yep|yeah|no)"
)

_BYE = (
    r"(?:(?:good ?)?bye(?: bye)?(?: now)?|see (?:you|ya)(?: later| soon| tomorrow| around)?|cya|farewell"
    r"|good ?night|take care"
    r"|have a (?:nice|good|great|lovely) (?:day|evening|weekend|night|one|time)|(?:that's|that is|that will be"
    r"|that was) all(?: for (?:now|today))?"
    r"|i'm done(?: for (?:now|today))?|talk to you later|ttyl|tschüss|tschüs|auf wiedersehen|au revoir|adiós"
    r"|adios|hasta luego"
    r"|arrivederci|do widzenia|na shledanou|ciao(?: ciao)?)"
)

_MOST_WORDS = 12  # of a turn that is only polite: the patterns try each way to divide it

_GREETING = regex.compile(
    rf"(?:{_HELLO}|{_HOW_ARE_YOU})(?: (?:{_HELLO}|{_ADDRESSEE}|{_HOW_ARE_YOU}))*(?: (?:and )?(?:{_THANK}))?"
)
_GOODBYE = regex.compile(
    rf"(?:(?:{_ACKNOWLEDGED}|{_PRAISE}|{_THANK}|{_DEGREE}|and|well|then) )*{_BYE}(?: (?:{_BYE}|{_THANK}"
    rf"|{_ADDRESSEE}|{_DEGREE}|and|then|for now))*"
)
_THANKS = regex.compile(
    rf"(?:(?:{_ACKNOWLEDGED}|{_PRAISE}|and|well|hey) )*(?:{_THANK}|{_PRAISE})(?: (?:{_THANK}|{_DEGREE}"
    rf"|{_PRAISE}|{_ADDRESSEE}|{_ACKNOWLEDGED}|and))*"
)
_ONLY_ACKNOWLEDGED = regex.compile(
    r"(?:ok|okay|k|alright|all right|got it|i see|i understand|understood|makes sense|that makes sense|noted"
    r"|aha|oh)(?: (?:ok|okay|got it|i see|then))*"
)
_SAYS_THANKS = regex.compile(rf"\b{_THANK}\b")


# "Hi who built it?": these begin a question even without a comma; "nice is" does not.
_ASKS_ON = r"(?:who|whom|whose|what|when|where|why|how|which|can you|could you|please|tell me|summari[sz]e)"
_BREAK = r"(?:\s*(?:[,.!;?–—]|\p{So}|\p{Emoji_Presentation})[^\p{L}\p{N}\"“'‘]*|\s+-\s+)"
_BEFORE = regex.compile(
    rf"^\W*(?:(?:{_HELLO}|ciao)(?:[\s,]+{_ADDRESSEE})?(?:[\s,!.]+{_HOW_ARE_YOU})?(?:{_BREAK}|\s+(?={_ASKS_ON}\b))"
    rf"|(?:{_ACKNOWLEDGED}[\s,!.]+){{0,3}}{_THANK}(?:[\s,!.]+(?:{_DEGREE}|{_PRAISE}|{_THANK})){{0,4}}(?:{_BREAK}"
    rf"|\s+(?={_ASKS_ON}\b))"
    rf"|(?:{_ACKNOWLEDGED}[\s,!.]+){{0,3}}{_PRAISE}(?:[\s,!.]+(?:{_DEGREE}|{_PRAISE}"
    rf"|{_THANK})){{0,4}}{_BREAK})(?=[\p{{L}}\p{{N}}\"“'‘])",
    regex.IGNORECASE,
)
_AFTER = regex.compile(
    rf"(?<=[?.!,;])\W{{0,4}}(?:{_THANK}(?:\s+{_DEGREE})*|{_BYE})[^\p{{L}}\p{{N}}]*$",
    regex.IGNORECASE,
)


def pleasantry(text: str) -> Pleasantry | None:
    """Which pleasantry ``text`` is, where it is nothing else.

    Praise with a question mark ("Good?") is none: it may be a question.
    """
    said = plain(text)
    if said.count(" ") >= _MOST_WORDS:
        return None
    if _GREETING.fullmatch(said):
        return "greeting"
    if _GOODBYE.fullmatch(said):
        return "goodbye"
    is_asked = text.rstrip().endswith("?") and not _SAYS_THANKS.search(said)
    if not is_asked and (_THANKS.fullmatch(said) or _ONLY_ACKNOWLEDGED.fullmatch(said)):
        return "thanks"
    return None


def without_pleasantries(text: str) -> str:
    """``text`` without a greeting or thanks before it and thanks after it; unchanged where nothing else is left."""
    for pattern in (_BEFORE, _BEFORE, _AFTER, _AFTER):
        match = pattern.search(text)
        if match is not None:
            rest = (text[: match.start()] + text[match.end() :]).strip()
            if words(rest):
                text = rest[:-1].rstrip() if rest.endswith(",") else rest
    return text
