"""The language of a text: sentences, words, names, quantities and negation, by rules, and its syntax by a small model.

In: a text. Out: spans and indices into that text, and values that can be compared. Everything here is a pure
function of its text, and costly results are cached. The rules are for English; other languages fall back to their words
as they are.

- ``words``: words with spans, normal forms and stems; the terms of the keyword index
- ``sentences``: blocks (headings, paragraphs, items, rows) and sentences, as spans
- ``lines/``: marks of lines, and hard-wrapped lines together again
- ``outline``: each sentence with its heading and the sentence it needs to be understood
- ``lexicon``: closed lists of English words, which the others look up
- ``forms/``: words and names in other forms that mean the same
- ``synonyms``: closed groups of synonyms
- ``complements``: what a governing word says of its complement; converse verbs
- ``parse``: dependency parses of English sentences
- ``names``: which words are names; acronyms and the names they stand for
- ``quantities``: numbers, amounts and dates as values that can be compared
- ``quantity_patterns``: the patterns and tables behind them
- ``negation``: clauses, which of them are negated, which are hedged
- ``stance``: what a sentence denies, demands or allows, apart from its matter
- ``language``: whether a text is English
- ``antonyms``: opposite words, such as rise and fall
- ``tokens``: counts tokens of cl100k_base
"""
