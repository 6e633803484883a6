"""What follows for a complement from the word that governs it: closed lists of English verbs, nouns and adjectives.

``Musk knows that rents rose`` makes it so that rents rose; ``Musk said that rents rose`` does not. The classes follow
Kiparsky and Kiparsky 1970, "Fact" (factives), Karttunen 1971, "Implicative verbs", and the judgements that White and
Rawlins 2018, "The role of veridicality and factivity in clause selection", collected.
"""

# The complement holds: factives, implicatives, and verbs of beginning and going on.
VERIDICAL = frozenset(
    """
    know realise realize discover find learn see notice remember regret recall show prove demonstrate confirm reveal
    acknowledge admit recognise recognize understand disclose establish determine document verify ascertain
    manage begin start continue keep go come get have be help let make cause force lead serve happen proceed use bother
    dare rule hasten rush succeed persist end turn remain prompt drive compel bring watch hear feel mean result involve
    include spend love like enjoy hate choose combine follow
    """.split()
)


# The complement does not hold.
NEGATIVE = frozenset(
    """
    fail refuse decline avoid prevent neglect forget stop cease deny forbid ban prohibit bar block quit refrain lack
    impossible unable unwilling reluctant reject
    """.split()
)


# Somebody says, thinks or supposes it.
SAYING = frozenset(
    """
    say tell claim argue allege accuse report state suggest assert insist maintain contend believe think suppose assume
    suspect feel imagine warn fear worry complain write note add explain declare announce estimate calculate describe
    charge testify imply hint speculate conclude judge consider deem reckon guess doubt dispute question ask wonder
    rumour reportedly allegedly supposedly purportedly apparently ostensibly according accord claim allegation report
    rumor accusation belief view opinion theory idea notion suspicion assumption assertion argument contention
    alleged reported supposed purported rumored rumoured critic opinion
    """.split()
)


# Somebody foresees it: an expectation may be passed on as said, as planned, or as possible.
EXPECTING = frozenset(
    """
    expect predict forecast project anticipate hope foresee think believe suggest fear warn likely probable probably
    unlikely expected expectation prediction forecast projection set poise due bound sure slate schedule
    """.split()
)


# It can be done, whether or not it is.
ENABLING = frozenset(
    """
    allow enable permit entitle authorise authorize able free right ability power capacity possible
    eligible opportunity option chance qualify let can could may cannot
    """.split()
)


# It is to be done.
OBLIGING = frozenset(
    "must should shall ought need require oblige obligate order have necessary duty required".split()
)


# What is only prepared, wanted or talked of: "ready the move", "plans for the closure". The deed itself may not follow.
PREPARING = frozenset(
    """
    ready prepare plan propose consider seek want expect intend predict demand threaten attempt try delay postpone
    discuss debate oppose support urge recommend suggest request contemplate envision envisage promise pledge block
    cancel advocate await anticipate forecast hope fear schedule negotiate explore weigh pursue offer favour favor
    endorse resist foresee allow permit enable authorise authorize order proposal talk threat possibility risk prospect
    bid call effort idea campaign vote discussion negotiation preparation application chance likelihood probability
    danger expectation prediction intention alternative opposition rumour rumor speculation
    """.split()
)


# Signs that something is left open.
POSSIBLE = frozenset(
    """
    may might could possibly perhaps maybe potentially likely probably presumably seem appear potential possible
    hopefully possibility chance risk unclear tend conceivably arguably
    """.split()
)


# Two parties of these change places and it stays as true.
SYMMETRIC = frozenset(
    """
    compete marry meet merge partner collaborate cooperate differ agree disagree trade fight border adjoin debate
    negotiate overlap divorce wed clash coincide correspond
    """.split()
)


# What happens to a thing, and what somebody does to it: "the door opened", "they opened the door".
ERGATIVE = frozenset(
    """
    open close begin start end stop change move break grow increase decrease double triple rise drop shrink spread
    improve worsen continue expand develop finish form merge split return turn run halve resume burn sink
    """.split()
)


# Verbs that say little by themselves, so that another may stand for them.
LIGHT_VERBS = frozenset(
    """
    be have do make take get give go come become include use need involve hold see happen occur exist provide contain
    remain serve act work call know name describe define consist
    """.split()
)


# Pairs of verbs for one event seen from its two sides: the one who does it is the other's "from" or "to".
CONVERSE = tuple(
    (frozenset(first.split()), frozenset(second.split()))
    for first, second in (
        ("sell", "buy purchase acquire"),
        ("lend loan", "borrow"),
        ("rent lease let", "rent lease hire"),
        ("give award grant hand donate send pay teach", "receive get obtain"),
        ("teach", "learn study"),
        ("employ", "work"),
        ("beat defeat", "lose"),
        ("own have", "belong"),
        ("precede predate", "follow succeed"),
        ("export", "import"),
        ("contain include", "belong"),
        ("inherit", "leave bequeath"),
        ("chase", "flee"),
        ("lead", "follow"),
    )
)


# Words that take back what they modify: a former minister is no minister, a proposed law no law.
PRIVATIVE = frozenset(
    """
    non former ex fake alleged supposed proposed planned potential would-be so-called possible prospective purported
    future failed attempted aspiring mock pseudo anti suspected accused reported expected estimated draft unofficial
    de-facto acting
    """.split()
)


# What turns a clause into a condition.
CONDITIONAL = frozenset("if unless provided providing assuming supposing".split())


# Verbs with a particle, each with a single verb that says the same.
PHRASAL_VERBS = {
    "turn down": "reject", "set up": "establish", "carry out": "perform", "take over": "acquire", "give up": "abandon",
    "put off": "postpone", "call off": "cancel", "go up": "rise", "go down": "fall", "find out": "discover",
    "point out": "say", "shut down": "close", "close down": "close", "lay off": "dismiss", "step down": "resign",
    "pass away": "die", "tear down": "demolish", "hand over": "give", "blow up": "explode", "break out": "begin",
    "bring down": "reduce", "buy out": "buy", "take on": "hire", "hand in": "submit", "leave out": "omit",
    "look after": "tend", "make up": "form", "move out": "leave", "open up": "open", "pay back": "repay",
    "pull down": "demolish", "pull out": "withdraw", "put up": "build", "rule out": "exclude", "send back": "return",
    "sell off": "sell", "speed up": "accelerate", "start up": "start", "take away": "remove", "throw out": "reject",
    "wind up": "close", "work out": "calculate", "bring in": "introduce", "fill in": "complete", "cut back": "reduce",
    "cut down": "reduce", "slow down": "slow", "give back": "return", "take part": "participate", "turn up": "arrive",
    "win over": "persuade", "come back": "return", "go back": "return", "set out": "leave", "ask for": "request",
}  # fmt: skip
