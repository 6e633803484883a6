"""Tables of number words, scales, currencies, units and months, and the patterns that match quantities in a text.

``rag.text.quantities`` reads the values out of the matches.
"""

import regex

SCALES = {
    "hundred": 10**2, "thousand": 10**3, "k": 10**3, "million": 10**6, "m": 10**6, "mn": 10**6, "mln": 10**6,
    "billion": 10**9, "bn": 10**9, "b": 10**9, "trillion": 10**12, "tn": 10**12, "trn": 10**12, "dozen": 12,
}  # fmt: skip

ONES = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"]  # fmt: skip # noqa: E501
TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
NUMBERS = {word: i for i, word in enumerate(ONES)} | {word: 20 + 10 * i for i, word in enumerate(TENS)}

ORDINALS = [
    "first",
    "second",
    "third",
    "fourth",
    "fifth",
    "sixth",
    "seventh",
    "eighth",
    "ninth",
    "tenth",
    "eleventh",
    "twelfth",
]

MONTHS = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
]
WEEKDAYS = "monday tuesday wednesday thursday friday saturday sunday".split()


# Denominators of parts of a whole.
PARTS = {"half": 2, "halves": 2, "third": 3, "quarter": 4, "fourth": 4, "fifth": 5, "sixth": 6, "eighth": 8, "tenth": 10}  # fmt: skip # noqa: E501


# Signs of currencies, with the other spellings of each.
CURRENCIES = {
    "$": "$ us$ usd dollar", "€": "€ eur euro", "£": "£ gbp pound", "¥": "¥ jpy yen", "元": "cny rmb yuan",
    "₹": "₹ inr rupee", "¢": "cent",
}  # fmt: skip

CURRENCY = {name: sign for sign, names in CURRENCIES.items() for name in names.split()}


# Families of units, by the name of their smallest unit: each spelling with its size in that unit.
UNITS = {
    "second": "second:1 sec:1 minute:60 min:60 hour:3600 hr:3600 day:86400 week:604800",
    "month": "month:1 year:12 yr:12 decade:120 century:1200 centuries:1200",
    "metre": "meter:1 metre:1 km:1000 kilometer:1000 kilometre:1000",
    "mile": "mile:1", "foot": "foot:1 feet:1 ft:1", "inch": "inch:1 inches:1", "cm": "cm:1", "mm": "mm:1",
    "gram": "gram:1 kg:1000 kilogram:1000 tonne:1000000", "ton": "ton:1",
    "megawatt": "megawatt:1 mw:1 gigawatt:1000 gw:1000", "kilowatt": "kw:1 kilowatt:1",
    "gigabyte": "gb:1 gigabyte:1 tb:1000 terabyte:1000", "megabyte": "mb:1 megabyte:1",
    "degree": "degree:1", "times": "times:1 x:1 fold:1",
}  # fmt: skip


# Each spelling of a unit: the name of its family, and its size.
UNIT = {
    name: (unit, int(size))
    for unit, names in UNITS.items()
    for name, size in (entry.split(":") for entry in names.split())
}

WORDS = "|".join(
    sorted([*NUMBERS, "hundred", "thousand", "million", "billion", "trillion"], key=len, reverse=True)
)

BIG = "hundred|thousand|million|billion|trillion|dozen"
MONTH = r"jan(?:uary|\.)?|feb(?:ruary|\.)?|mar(?:ch|\.)?|apr(?:il|\.)?|may|june?|july?|aug(?:ust|\.)?|sept?(?:ember|\.)?|oct(?:ober|\.)?|nov(?:ember|\.)?|dec(?:ember|\.)?"  # noqa: E501
DAY = r"(?P<d>\p{Nd}{1,2})(?:st|nd|rd|th)?"
YEAR = r"(?P<y>[12]\p{Nd}{3})"


# Groups: y, m and d are year, month and day; decade is the first year of "1990s".
DATE = regex.compile(
    rf"""(?<![\p{{L}}\p{{N}}])(?:
      {YEAR}-(?P<m>\p{{Nd}}{{2}})-(?P<d>\p{{Nd}}{{2}})
    | {DAY}\s(?:of\s)?(?P<m>{MONTH})(?:,?\s{YEAR})?
    | (?P<m>{MONTH})\s{DAY}(?!\p{{Nd}}|[,.]\p{{Nd}}|\s?%)(?:,?\s{YEAR})?
    | (?P<m>{MONTH}),?\s(?:of\s)?{YEAR}
    | (?<=\b(?:in|of|since|by|until|last|next|this|early|late|through|during)\s|mid-)
      (?P<m>(?-i:{"|".join(name.title() for name in MONTHS)}))
    | (?P<decade>[12]\p{{Nd}}{{2}}0)['’]?s
    )(?![\p{{L}}\p{{N}}])""",
    regex.VERBOSE | regex.IGNORECASE,
)


# Groups: digits, part or words hold the value; before and after the currency or unit; scale, sign, plus and ordinal.
NUMBER = regex.compile(
    rf"""(?P<before>(?:\b(?:US|A|C|HK|NZ|S|R))?[$€£¥₹]\s?|\b(?:USD|EUR|GBP|JPY|CNY|RMB|INR)\s?)?
    (?: (?<![\p{{L}}\p{{N}}]|\p{{Nd}}\.)(?<!\b[12]\p{{Nd}}{{3}}[-–](?=\p{{Nd}}{{2}}\b))
      (?P<sign>(?<![\p{{L}}\p{{N}})\]])[-−])?
      (?P<digits>(?>(?:\p{{Nd}}{{1,3}}(?:,\p{{Nd}}{{3}})+(?!\p{{Nd}})|\p{{Nd}}{{1,18}}(?!\p{{Nd}}))
        (?:\.\p{{Nd}}{{1,9}}(?!\p{{Nd}}))?))(?!\.\p{{Nd}})
      (?P<ordinal>(?:st|nd|rd|th)\b)?
    | \b(?P<part>half
        |(?:one|a|two|three|four)[\s-](?:thirds?|quarters?|fifths?|sixths?|eighths?|tenths?)(?=\s+of\b)|(?<=\bby\s)(?:a|one)[\s-](?:third|quarter|fifth)
      )(?:\s(?=an?\s(?:{BIG})\b)an?)?
    | \b(?P<words>(?:an?\s(?=(?:{BIG})\b))?(?:{WORDS}|dozen)\b
        (?:(?:\s|-|(?<=hundred|thousand|million|billion)\sand\s)(?:{WORDS}|dozen)\b)*)
    )
    (?P<scale>(?:[\s-](?:{BIG})\b){{1,2}}|\s?(?:k|m|mn|mln|bn|b|tn|trn)\b)?
    (?P<plus>\+)?
    (?P<after>\s?%|[\s-]per[\s-]?cent\b|\s?pct\b|[\s-]percentage[\s-]points?\b|\s?pp\b
      |[\s-](?:US\s|U\.S\.\s)?(?:dollar|euro|pound|yen|yuan|rupee|cent)s?\b|\s?(?:USD|EUR|GBP|JPY|CNY|RMB|INR)\b
      |[\s-]?(?:{"|".join(sorted(UNIT, key=len, reverse=True))})s?\b)?
    (?![\p{{L}}\p{{N}}])""",
    regex.VERBOSE | regex.IGNORECASE,
)

ORDINAL = regex.compile(rf"\b(?:{'|'.join(ORDINALS)})\b(?!s)", regex.IGNORECASE)


# "tens of millions", "several hundred", and scale words alone.
VAGUE = regex.compile(
    r"\b(?:(?:tens|dozens|scores|hundreds|thousands|millions|billions|trillions)\s+of\s+(?=tens|hundreds|thous|mill|bill|trill)"
    r"|(?:several|few)\s+(?=hundred|thousand|million|billion))*(?:dozen|hundred|thousand|million|billion|trillion)s?\b",
    regex.IGNORECASE,
)


# What stands in front of a quantity and makes it a bound. The first pattern that matches decides.
BOUNDS = tuple(
    (bound, regex.compile(rf"(?:{pattern})\s*(?:the\s|an?\s(?:total\sof\s)?|about\s)?$", regex.IGNORECASE))
    for bound, pattern in (
        (
            "most",
            r"\b(?:no|not) (?:more|greater|higher) than|\b(?:up to|at most|as (?:many|much|high) as|maximum of)|≤",
        ),
        ("least", r"\b(?:no|not) (?:less|fewer) than|\bat least|\bminimum of|\ba minimum|≥"),
        (
            "over",
            r"\b(?:(?:more|greater|higher|larger) than|over|above|beyond|upwards? of|in excess of)|\bexceed\w*|>",
        ),
        ("under", r"\b(?:less|fewer|lower|smaller) than|\b(?:under|below)|<"),
        (
            "about",
            r"\b(?:about|around|roughly|approximately|approx\.?|nearly|almost|some|estimated|circa|close to)|~|≈",
        ),
    )
)
