"""What a person calls the articles as a whole: "this paper", "the handbook", "your documents"; parts of patterns."""

# With any determiner: what these words name besides the articles is seldom asked about.
_PLAIN = r"articles?|documents?|docs?|pdfs?|files?|papers?|texts?|handbooks?|manuals?|corpus|collection"
WHOLE = rf"(?:{_PLAIN})"

# With "this" before them, and with "the" where nothing else is said of them: "What is the report about?"
_PART = rf"{_PLAIN}|reports?|polic(?:y|ies)|guides?|books?|pages?|stor(?:y|ies)|pieces?|contracts?|leases?"
WHOLE_OR_PART = rf"(?:{_PART})"

# With "this" before them: "the agreement" and "the letter" may be what an article tells of.
ANY_WHOLE = (
    rf"(?:{_PART}|agreements?|stud(?:y|ies)|essays?|thes[ie]s|dissertation|memos?|memorandum|letters?|(?:blog\s+)?posts?"
    r"|notices?|leaflets?|brochures?|booklets?|transcripts?|presentations?|slides|publications?|review|survey|chapter"
    r"|speech|statute|terms|regulations?|specifications?|standard|proposal|whitepaper|tutorial|readme|faqs?|web\s?site"
    r"|website|web\s?page|research|work)"
)

POINTED_AT = (
    rf"(?:(?:this|these|your|my|our)\s+(?:whole\s+|entire\s+)?{ANY_WHOLE}"
    rf"|(?:all\s+)?(?:of\s+)?the\s+(?:whole\s+|entire\s+)?{WHOLE})"
)

# Where the rest of the question tells that it is about the articles: "the limitations of the study".
NAMED = rf"(?:(?:the|this|that|these|those|your|my|our)\s+(?:whole\s+|entire\s+|present\s+|current\s+)?{ANY_WHOLE})"
IT = rf"(?:it|this|that|these|they|{NAMED})"
