"""Whole phrases that a person says about the conversation: go on, are you sure, in German please, what can you do."""

import regex

from rag.text.words import words

_LANGUAGES = {
    name: language
    for language, names in {
        "Arabic": "arabic العربية", "Chinese": "chinese mandarin 中文", "Czech": "czech česky čeština",
        "Danish": "danish dansk", "Dutch": "dutch nederlands", "English": "english englisch anglais inglés",
        "Finnish": "finnish suomeksi suomi", "French": "french français francais französisch",
        "German": "german deutsch allemand alemán", "Greek": "greek ελληνικά", "Hebrew": "hebrew", "Hindi": "hindi",
        "Hungarian": "hungarian magyarul", "Indonesian": "indonesian", "Italian": "italian italiano italienisch",
        "Japanese": "japanese 日本語", "Korean": "korean 한국어", "Norwegian": "norwegian norsk",
        "Polish": "polish polski", "Portuguese": "portuguese português portugues", "Romanian": "romanian",
        "Russian": "russian русский", "Spanish": "spanish español espanol spanisch castellano",
        "Swedish": "swedish svenska", "Thai": "thai", "Turkish": "turkish türkçe", "Ukrainian": "ukrainian",
        "Vietnamese": "vietnamese",
    }.items()
    for name in names.split()
}  # fmt: skip

_LANGUAGE = rf"(?:{'|'.join(map(regex.escape, _LANGUAGES))})"
_PLEASE = r"(?: please| bitte| por favor| s'il vous plaît| s'il te plaît| now| instead)*"

_ASKING = (
    r"(?:(?:and|ok|okay|so|but|now|please) )*(?:(?:can|could|would|will) you (?:please |also |maybe )?|i(?:'d"
    r"| would) like you to |i want you to )?(?:please )?"
)

_IT = r"(?:this|that|it|them|these|those)"


def _phrase(*alternatives: str) -> "regex.Pattern[str]":
    return regex.compile("|".join(alternatives))


MOST_WORDS = 20  # of a phrase about the conversation, or of a correction
CIAO = _phrase(r"ciao(?: ciao)?")

CAPABILITIES = _phrase(
    r"(?:so |and |hey |ok )?what (?:can|could|do|would) you (?:do|answer|help (?:me )?with)(?: for me| here"
    r"| exactly)*",
    r"(?:so )?what are you(?: able to do| capable of| for)?",
    r"(?:and |so )?who (?:are|r) (?:you|u)(?: exactly)?",
    r"are you (?:an? |the )?(?:bot|chatbot|robot|human|ai|chatgpt|real|person|machine|real person)",
    r"(?:please )?help(?: me)?(?: please)?",
    r"(?:can|could) you help(?: me)?(?: please)?",
    r"i need (?:some )?help",
    r"what (?:can|should|could|may|do) i (?:ask|do)(?: you| here| about| it)*",
    r"what (?:(?:kinds?|sorts?|types?) of )?(?:questions|things) (?:can|may|should|could) i ask(?: you| here)*",
    r"what (?:(?:kinds?|sorts?|types?) of )?(?:questions|things) (?:can|do) you (?:answer|know)",
    r"how (?:do|does|can|should) (?:you|this (?:chat|chatbot|bot|app|tool|site|thing|program|page)) work",
    r"how (?:do|can|should) i use (?:you|this|this (?:chat|chatbot|bot|app|tool|site|thing|program))",
    r"what(?:'s| is) your (?:name|purpose|job)|do you have a name",
    r"(?:what|how much) do you know",
    r"who (?:made|built|created|wrote|programmed) you",
    rf"(?:can|do) you (?:speak|understand|know) {_LANGUAGE}",
)


# After an answer these ask how the thing of the answer works.
HOW_IT_WORKS = _phrase(r"how (?:does|do) (?:this|it|all this) work")

MORE = _phrase(
    rf"{_ASKING}(?:tell me|say|give me|show me) (?:some |a bit |a little |even )*more(?: details?| info"
    rf"| information)?"
    rf"(?: (?:about|on) {_IT})?(?: please)?",
    rf"(?:i want|i'd like|i would like|i need)(?: to (?:know|hear|read))? (?:some |a bit "
    rf"|a little )?more(?: details?)?(?: (?:about|on) {_IT})?",
    rf"{_ASKING}(?:go on|continue|carry on|keep going|proceed)(?: please)?",
    r"(?:some |any |and |a bit )?(?:more|further)(?: details?| info| information| please)*",
    rf"{_ASKING}(?:elaborate|expand|go deeper|go into (?:more )?details?)(?: (?:on|into) {_IT})?(?: a bit"
    rf"| further| more| please)*",
    rf"{_ASKING}explain (?:{_IT} )?(?:further|more|in (?:more |greater )?detail|more fully)(?: please)?",
    r"in (?:more|greater) detail(?: please)?",
    r"(?:and |ok )?(?:what|anything|something) else(?: please)?|is there (?:anything else|more)|and",
)

SIMPLER = _phrase(
    rf"{_ASKING}explain {_IT}(?: to me)?(?: simply| in simple (?:words|terms)| like (?:i'm|i am|i was|i were"
    rf"|im) (?:five|5|a child))(?: please)?",
    r"eli5",
)

DOUBT = _phrase(
    rf"(?:but |and |so )?are (?:you|u) (?:really |quite |absolutely |very |so )*(?:sure|certain|serious"
    rf"|positive|kidding(?: me)?)(?: about {_IT})?",
    r"(?:oh |wow |no )?(?:really|seriously|honestly)(?: now)?",
    rf"(?:but |and )?is {_IT} (?:really |actually )*(?:right|true|correct|so|accurate|certain|reliable)(?: though)?",
    r"(?:but |and )?(?:why|how) (?:do|can|would|did) you (?:say|think|know|claim|believe)(?: (?:that|so|this|it))?",
    r"says who|who says(?: so| that)?|how come you know(?: that)?",
    r"(?:but |and )?(?:what(?:'s| is| are)|where(?:'s| is| are)|show me|give me) (?:your|the|any) (?:sources?"
    r"|evidence|proof)(?: for (?:that|this|it))?(?: please)?",
    r"(?:source|sources|proof|evidence|citation needed)(?: please)?",
    r"where (?:did|do|does) (?:you|it|they) (?:get|say|find|read|have) (?:that|this|it|so)(?: from)?",
    rf"i (?:don't|do not|can't|cannot) believe (?:you|{_IT})|i doubt (?:it|that|this)",
    rf"(?:no )?(?:{_IT} is|that's|it's) (?:wrong|not right|not true|not correct|incorrect|false|impossible)"
    rf"|(?:no )?you(?:'re| are) wrong",
    r"(?:no )?(?:that|this|it) (?:can't|cannot|can not) be (?:right|true|correct)|no way|prove (?:it|that)",
    rf"{_ASKING}(?:verify|confirm|prove|check|double check|back up) {_IT}(?: up)?(?: please)?|double check",
)

LANGUAGE = _phrase(
    rf"{_ASKING}(?:(?:say|repeat|write|put|give|tell|translate|answer|explain|show|reply|respond|have)"
    rf"(?: me)?(?: {_IT})?(?: (?:the|your)(?: last| previous)? (?:answer|reply))?(?: again)? )?(?:in|into|to"
    rf"|auf|en|in het|på|po) {_LANGUAGE}{_PLEASE}",
    rf"(?:and |now )?{_LANGUAGE}(?: please| bitte| por favor)",
    rf"{_ASKING}(?:speak|write|use|switch to) {_LANGUAGE}{_PLEASE}",
)

TRANSLATES_ALL = _phrase(
    rf"{_ASKING}translate (?:all |the whole |the entire )?(?:of )?(?:the |this |these |my |your |all )*"
    rf"(?:articles?|documents?|docs?|pdfs?|files?|papers?|texts?|handbook|manual|policy|report"
    rf"|everything) (?:in|into|to) {_LANGUAGE}{_PLEASE}"
)

_WHICH = r"(?:first|second|third|fourth|fifth|last|previous)"

REPEAT = _phrase(
    rf"{_ASKING}(?:repeat|say|show me|show|give me|go back to|tell me) (?:me )?"
    rf"(?:(?:the|your|my) (?P<which>{_WHICH}) (?:answer|question|one|reply)|the answer|your answer|that|it"
    rf"|what you (?:said|wrote))(?: again| once more| please)*",
    rf"(?:what was|what's|what is) (?:the|your|my) (?P<which>{_WHICH}) (?:answer|question|reply)(?: again)?",
    r"what did (?:you|i) (?:say|ask|answer)(?: (?:just now|before|(?P<which>first|last)))?",
    r"(?:please )?(?:repeat|again|once more|come again)(?: please)?",
)

CORRECTION = regex.compile(
    r"^(?:(?:no|nope|sorry|oops|wait|not that|actually)\b[,.! ]*)*"
    r"(?:i\s+(?:meant|mean|was\s+(?:asking|talking)\s+about|am\s+asking\s+about|asked\s+about)"
    r"|(?<=\b(?:no|nope|sorry|oops),\s)(?=(?:the|a|an|for|in|at|on"
    r"|of)\s+\S+(?:\s+\S+){0,3}$))[:,]?\s*(?P<meant>\S.*?)\s*$",
    regex.IGNORECASE,
)


# The words that a question or a request begins with, as alternatives of a pattern.
ASKING_WORDS = (
    r"who|whom|whose|what|when|where|why|how|which|is|are|was|were|do|does|did|has|have|had|can|could|will|would"
    r"|should|may|might|tell|list|name|give|show|explain|describe|compare|summari[sz]e"
)


# A turn that begins so is a clause, and no noun phrase.
CLAUSE = regex.compile(rf"(?:{ASKING_WORDS})\b", regex.IGNORECASE)


# A summary of "it" or "that", which may be the thing that the conversation is about.
POINTS_BACK = regex.compile(
    r"\b(?:summari[sz]e|sum|(?:summary|overview|gist|outline) of)\s+(?:it|that)\b|\bwhat(?:['’]s"
    r"|\s+is)\s+it\s+(?:all\s+)?about\b|^\W*what\s+happened\b",
    regex.IGNORECASE,
)

_ANSWER_LANGUAGE = regex.compile(
    rf"[,.;!?]?\s*(?:\b(?:please|and)\s+)*\b(?:answer|reply|respond|write)\s+(?:me\s+)?(?:in"
    rf"|auf)\s+(?P<language>{_LANGUAGE})\W*(?:please|bitte)?\W*$"
    rf"|(?P<end>[,.;!?])\s*(?:please,?\s+)?(?:in|auf)\s+(?P<language>{_LANGUAGE})\W*(?:please|bitte)?\W*$",
    regex.IGNORECASE,
)

_IN_LANGUAGE = regex.compile(
    rf",?\s+(?:in|into|to|auf)\s+(?P<language>{_LANGUAGE})\W*(?:please|bitte)?\W*$", regex.IGNORECASE
)


def plain(text: str) -> str:
    """``text`` as its words in small letters with single spaces: without punctuation and emoji."""
    return " ".join(regex.findall(r"[\p{L}\p{M}\p{N}]+(?:['’][\p{L}\p{M}]+)*", text.casefold())).replace(
        "’", "'"
    )


def language_of(said: str) -> str:
    """The English name of the last language that ``said`` names, or an empty string."""
    found = [_LANGUAGES[token] for token in said.casefold().split() if token in _LANGUAGES]
    return found[-1] if found else ""


def names_answer_language(text: str) -> bool:
    """Whether ``text`` asks a question and then for its answer in a language: "Who built it? In German, please"."""
    return bool((match := _ANSWER_LANGUAGE.search(text)) and words(text[: match.start()]))


def split_language(text: str) -> tuple[str, str]:
    """``text`` without a language to answer in at its end, and the English name of that language.

    "In German" may belong to the question ("the word for dog in German"): ``names_answer_language`` tells.
    """
    match = _ANSWER_LANGUAGE.search(text) or _IN_LANGUAGE.search(text)
    if match is None or not words(text[: match.start()]):
        return text, ""
    end = match.groupdict().get("end") or ""
    return text[: match.start()] + (end if end in "?!." else ""), language_of(match["language"])
