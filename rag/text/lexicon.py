"""Closed lists of English words, by what they do in a sentence. Words of other languages are in none of them."""

FUNCTION_WORDS = frozenset(
    """
    a about again all also am an and any anybody anyone anything are aren't as at be became because become been
    being both but by can can't could couldn't did didn't do does doesn't doing don't done each either else
    ever every everyone for from get gets getting give gives given go goes going gone got had hadn't has hasn't
    have haven't having he he'd he'll he's her here hers herself him himself his how however i i'd i'll i'm
    i've if in into is isn't it it'd it'll it's its itself just kind know let's like ll made make makes making
    many may me might mine more most much must my myself name of off on onto or other others our ours ourselves
    out over own please quite rather re said same say says shall she she'd she'll she's should shouldn't so some
    someone something such tell than that that's the their theirs them themselves then there there's these they
    they'd they'll they're they've this those through thus to too toward towards until unto up upon us ve very
    was wasn't we we'd we'll we're we've were weren't what what's whatever when where where's whether which while
    who who's whom whose why will with within won't would wouldn't yes yet you you'd you'll you're you've your
    yours yourself yourselves not no nor t s d
    """.split()
)


# Words that carry no information of their own in an answer: "took" in "it took 122 days".
LIGHT_WORDS = frozenset(
    """
    article articles according according amount answer around approximately roughly about total estimated reportedly
    come came describe described explain happen happened include includes included including involve involves mean
    means meant mention mentioned mentions need needs passage provide provides report reported reports see seen
    source sources stated states take takes taken took text use used uses using want wants way ways well work
    works thing things really actually however therefore also called known named
    """.split()
)


# Irregular forms that occur in news, each with the base form that the stemmer handles.
IRREGULAR: dict[str, str] = {
    form: base
    for base, forms in {
        "arise": "arose arisen", "beat": "beaten", "become": "became", "begin": "began begun", "bear": "bore borne",
        "bite": "bit bitten", "blow": "blew blown", "break": "broke broken", "bring": "brought",
        "build": "built", "burn": "burnt", "buy": "bought", "catch": "caught", "choose": "chose chosen",
        "come": "came", "deal": "dealt", "dig": "dug", "draw": "drew drawn", "drink": "drank drunk",
        "drive": "drove driven", "eat": "ate eaten", "fall": "fell fallen", "feed": "fed", "feel": "felt",
        "fight": "fought", "find": "found", "flee": "fled", "fly": "flew flown", "forbid": "forbade forbidden",
        "forget": "forgot forgotten", "freeze": "froze frozen", "give": "gave given", "grow": "grew grown",
        "hang": "hung", "hear": "heard", "hide": "hid hidden", "hold": "held", "keep": "kept",
        "know": "knew known", "lay": "laid", "lead": "led", "leave": "left", "lend": "lent", "lose": "lost",
        "make": "made", "mean": "meant", "meet": "met", "pay": "paid", "prove": "proven", "ride": "rode ridden",
        "ring": "rang rung", "rise": "rose risen", "run": "ran", "say": "said", "see": "saw seen",
        "seek": "sought", "sell": "sold", "send": "sent", "shake": "shook shaken", "shoot": "shot",
        "show": "shown", "shrink": "shrank shrunk", "sing": "sang sung", "sink": "sank sunk", "sit": "sat",
        "sleep": "slept", "speak": "spoke spoken", "spend": "spent", "stand": "stood", "steal": "stole stolen",
        "stick": "stuck", "strike": "struck stricken", "swear": "swore sworn", "swim": "swam swum",
        "take": "took taken", "teach": "taught", "tear": "tore torn", "tell": "told", "think": "thought",
        "throw": "threw thrown", "understand": "understood", "wake": "woke woken", "wear": "wore worn",
        "win": "won", "write": "wrote written", "person": "people", "man": "men", "woman": "women",
        "child": "children", "life": "lives", "half": "halves", "die": "died dying death deaths dead",
        "assassinate": "assassination", "marry": "marriage", "spouse": "wife husband",
    }.items()
    for form in forms.split()
}  # fmt: skip


# Words that negate their clause. ``rag.text.negation`` adds those that end in "n't".
NEGATORS = frozenset(
    """
    not no never neither nor none nobody nothing nowhere cannot hardly scarcely barely unable without
    deny denies denied denying refuse refuses refused refusing fail fails failed failing failure
    lack lacks lacked lacking prevent prevents prevented preventing avoid avoids avoided avoiding
    """.split()
)


# Words that leave open whether a statement is so. An answer without them claims more than the article.
HEDGES = frozenset("may might could possibly perhaps maybe potentially".split())


# Words that make a statement as uncertain as a hedge does.
SOFTENERS = HEDGES | frozenset(
    """
    can would should likely unlikely probably presumably expected expects expect reportedly suggest suggests suggesting
    appear appears seem seems believed think potential possible possibility risk risks chance if whether maybe
    considering option
    """.split()
)


# Words that make a statement wider or narrower. An answer may not add them.
STRICT = frozenset(
    """
    only solely exclusively always never every entirely completely fully all former formerly last exactly precisely
    unanimously illegally secretly worst best largest biggest smallest highest lowest most least
    """.split()
)


# Pairs of opposites, both sides as words. A word of one side contradicts an article that has only the other side.
POLES: tuple[tuple[str, str], ...] = (
    (
        (
            "rise increase grow growth climb jump surge soar gain up high higher raise expand boost improve accelerate"
            " upward intensify widen exceed outstrip more greater double triple"
        ),
        (
            "fall decrease decline drop low shrink plunge slump tumble sink dip down lower reduce cut contract slow"
            " downward ease narrow less fewer diminish halve worsen deteriorate"
        ),
    ),
    ("before prior precede previous earlier ahead", "after following later subsequent since behind"),
    ("above over exceed exceeding outstrip surpass", "below under beneath trail lag undercut"),
    ("win won victory beat triumph", "lose lost loss defeat"),
    ("buy bought purchase acquire acquisition", "sell sold sale divest"),
    ("gain profit surplus excess ample abundant", "loss losses deficit shortage scarce scarcity"),
    ("benefit help improve", "suffer harm hurt damage"),
    ("loud", "quiet silent"),
    ("idle", "busy"),
    ("rich wealthy", "poor"),
    ("full", "empty"),
    ("easy simple simply", "hard difficult complex complicated"),
    ("happy pleased", "sad unhappy angry"),
    ("healthy", "sick ill"),
    ("hot warm", "cold cool"),
    ("deep", "shallow"),
    ("wide broad", "narrow"),
    ("thick", "thin"),
    ("heavy", "light"),
    ("high", "low"),
    ("common frequent frequently often", "rare rarely seldom infrequent"),
    ("certain sure", "uncertain unsure doubtful"),
    ("legal lawful", "illegal unlawful"),
    ("optimistic bullish", "pessimistic bearish"),
    ("praise laud", "criticise criticize condemn blame"),
    ("love like", "hate dislike"),
    ("remember", "forget"),
    ("arrive", "depart"),
    ("hire recruit appoint", "fire sack dismiss"),
    ("alive", "dead"),
    ("left", "right"),
    ("summer", "winter"),
    ("day", "night"),
    ("civilian", "military"),
    ("employer", "employee"),
    ("teacher", "student"),
    ("parent", "child"),
    ("first initial initially", "last final finally"),
    ("most largest biggest highest greatest best maximum", "least smallest lowest fewest worst minimum"),
    ("accept approve agree approval endorse", "reject refuse disapprove decline veto"),
    ("allow permit let enable legalise legalize", "ban forbid prohibit prevent block bar"),
    ("open opened opening reopen", "close closed closure shut"),
    ("start begin launch commence found", "end stop finish halt cease conclude cancel"),
    ("join enter arrive", "leave depart exit resign quit withdraw"),
    ("for support favour favor back", "against oppose opponent"),
    ("success succeed successful", "fail failure unsuccessful"),
    ("always", "never"),
    ("all every each", "some few none"),
    ("early earlier", "late later"),
    ("north northern", "south southern"),
    ("east eastern", "west western"),
    ("fast faster quick quickly rapid rapidly", "slow slower slowly"),
    ("cheap cheaper inexpensive", "expensive dear pricey"),
    ("large larger big bigger huge vast", "small smaller little tiny"),
    ("strong stronger strengthen", "weak weaker weaken"),
    ("safe safer safely", "dangerous unsafe risky"),
    ("old older oldest", "young younger youngest new newer newest"),
    ("public publicly", "private privately secret"),
    ("guilty convict", "innocent acquit"),
    ("import", "export"),
    ("lend lender", "borrow borrower"),
    ("long longer longest", "short shorter shortest"),
    ("near close nearby", "far distant"),
    ("inside", "outside"),
    ("internal domestic", "external foreign"),
    ("major majority", "minor minority"),
    ("temporary", "permanent"),
    ("direct directly", "indirect indirectly"),
    ("positive", "negative"),
    ("friend ally allies partner", "enemy foe rival"),
    ("able capable", "unable incapable"),
    ("careful cautious", "careless reckless"),
    ("surge", "collapse"),
)

TURNING = 7  # so many first pairs of POLES are directions: an answer may not add one that its citation lacks


# Prepositions, fillers and discourse markers. An answer may add them; directions among them are checked all the same.
FILLERS = frozenset(
    """
    over under above below before after than down during between among amongst against since per via near across within
    despite instead rather except along behind beyond besides toward upon additionally furthermore moreover meanwhile
    notably specifically essentially overall thus hence consequently accordingly similarly likewise particularly
    especially namely eg ie etc further indeed instance example currently now today already still even just simply
    merely later
    alone together respectively basically generally typically often sometimes usually mainly primarily mostly largely
    following based due able like unlike yes well fairly relatively quite somewhat far result part fact case
    side order one ones two addition more most less least fewer allegedly supposedly likely probably
    presumably expected
    """.split()
)
