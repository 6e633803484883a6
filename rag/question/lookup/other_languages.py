"""What is asked in other languages than English: what it is about, and questions that lean on the one before."""

import regex

# "What is it about?", "Summarise the text", "The key points": whole questions, in small letters without punctuation.
_OVERVIEWS = (
    # German
    (
        r"(?:worum|um was) geht(?:s| es)?(?: hier| darin| (?:in|bei) (?:dem|der|diesem|dieser|den|diesen|ihm"
        r"|ihr) {de}| im {de})?"
    ),
    r"(?:wovon|von was) handel(?:t|n) (?:der|das|die|dieser|dieses|diese|er|es|sie)(?: {de})?",
    (
        r"(?:bitte )?fass(?:e|en)?(?: sie)?(?: mir)? (?:(?:den|das|die|diesen|dieses|diese) {de}|es|ihn|sie"
        r"|alles)(?: bitte| kurz)* zusammen"
    ),
    (
        r"(?:(?:gib|geben sie) mir )?(?:(?:eine|die) )?(?:kurze )?(?:zusammenfassung|übersicht)(?: (?:des|der"
        r"|dieses|dieser) {de}s?)?"
    ),
    r"was steht (?:im|in (?:dem|der|diesem|dieser|den|diesen)) {de}|was sagt (?:der|das|die|dieser|dieses|diese) {de}",
    r"was sind die (?:wichtigsten|zentralen) (?:punkte|aussagen|themen|inhalte)",
    # French
    (
        r"de quoi (?:parle(?:nt)?|traite(?:nt)?)(?: t il| (?:le|la|les|ce|cet|cette|ces|l) ?{fr})?|de quoi "
        r"(?:s'agit|s agit) il"
    ),
    r"(?:résume|resume|résumez|explique|expliquez)(?: moi)? (?:le|la|les|ce|cet|cette|ces|l')\s?{fr}",
    (
        r"(?:(?:donne|donnez|fais|faites)(?: moi)? )?(?:un |le )?(?:bref )?résumé(?: (?:du|de la|de ce|de cet"
        r"|de l')\s?{fr})?"
    ),
    r"quels sont les points (?:clés|clefs|principaux|essentiels)",
    # Spanish
    (
        r"(?:de|sobre) qué (?:trata|va|habla)(?: (?:el|la|este|esta) {es})?|resum(?:e|a) (?:el|la|este|esta"
        r"|lo) ?(?:{es})?"
    ),
    (
        r"(?:(?:haz|dame|hazme) )?(?:un )?resumen(?: (?:del|de la|de este|de esta) {es})?"
        r"|cuáles son los puntos (?:clave|principales)"
    ),
    # Italian, Portuguese, Dutch
    (
        r"di (?:cosa|che cosa) (?:parla|tratta)(?: (?:il|lo|la|l'|questo|questa) ?{it})?|riassumi (?:il|lo|la"
        r"|l'|questo|questa) ?{it}"
    ),
    r"(?:do|de) que (?:trata|fala)(?: (?:o|a|este|esta) {pt})?|(?:resuma|resume) (?:o|a|este|esta) {pt}",
    r"waar(?:over)? (?:gaat|handelt) (?:het|dit|deze|de)(?: {nl})?(?: over)?|vat (?:het|dit|de|deze) {nl} samen",
    # Russian
    r"(?:о|про) (?:ч[её]м|что)(?: (?:этот|эта|это|эти|данный|данная|говорится в (?:этом|этой)))?(?: {ru})?",
    (
        r"(?:кратко )?(?:резюмируй|перескажи|изложи|опиши|обобщи)(?:те)?(?: (?:этот|эту|это|данный))?"
        r"(?: {ru})?|(?:каковы )?основные (?:мысли|пункты|тезисы|идеи)"
    ),
    # Chinese, Japanese
    r"(?:这|这篇|这个|这份|该|本|此)?{zh}?(?:主要|大概)?(?:是)?(?:讲|说|写|谈|关于|介绍|讨论)(?:的|了)?(?:是)?(?:些)?什么(?:的|内容)?",
    r"(?:请)?(?:总结|概括|概述|归纳)(?:一下)?(?:这|这篇|这个|这份|该|本|此)?{zh}?|{zh}?(?:的)?(?:摘要|要点|主要内容)(?:是什么|有哪些)?",
    (
        r"(?:この|その|本)?{ja}?は?(?:何|なに|どんな内容)(?:について|に関して|の話|が書いて)?(?:書かれて|述べて|説明して)?(?:の|い)?(?:もの|文書|記事)?"
        r"(?:ですか|ますか|ある|あります|か)?"
    ),
    r"(?:この|その|本)?{ja}?(?:を|の)?(?:要約|まとめ)(?:して|してください|て|てください|は)?",
    # Arabic
    (
        r"(?:عن ماذا|عم|عما|ما الذي) (?:يتحدث|تتحدث|يدور|يتكلم)(?: (?:هذا|هذه))?(?: {ar})?|(?:لخص|لخصي)"
        r"(?: لي)?(?: (?:هذا|هذه))?(?: {ar})?"
    ),
    r"ما (?:هو )?(?:موضوع|ملخص)(?: (?:هذا|هذه))?(?: {ar})?|ما هي النقاط الرئيسية",
)
_WHOLE = {
    "de": (
        r"(?:text|artikel|dokument|dokumente|datei|bericht|beitrag|handbuch|vertrag|buch|papier|pdf|aufsatz"
        r"|studie|texte)(?:es|s)?"
    ),
    "fr": r"(?:texte|article|document|documents|fichier|rapport|manuel|contrat|livre|pdf|étude)s?",
    "es": r"(?:texto|artículo|documento|archivo|informe|manual|contrato|libro|pdf|estudio)s?",
    "it": r"(?:testo|articolo|documento|file|rapporto|manuale|contratto|libro|pdf|studio)",
    "pt": r"(?:texto|artigo|documento|arquivo|relatório|manual|contrato|livro|pdf|estudo)",
    "nl": r"(?:tekst|artikel|document|bestand|rapport|handleiding|contract|boek|pdf)",
    "ru": r"(?:документе?|текст[еа]?|стать[яюие]|файле?|отч[её]те?|книг[аеу]|договоре?|документы)",
    "zh": r"(?:文章|文件|文档|文本|资料|报告|文|合同|手册)",
    "ja": r"(?:文書|記事|文章|資料|テキスト|報告書|ドキュメント|書類|これ|それ)",
    "ar": r"(?:المستند|النص|المقال|المقالة|الوثيقة|التقرير|الملف|الكتاب)",
}
_OVERVIEW = regex.compile("|".join(_OVERVIEWS).format_map(_WHOLE))

# A word that begins a question after another, and one that stands for what was spoken of.
_OPENING = regex.compile(
    r"^(?:und|et|y|e|и|а|en|och|og|ve|i|那|那么|では|じゃあ|وماذا|و)\b[,\s]*|^(?:那么?|では|じゃあ)[、，,\s]*",
    regex.IGNORECASE,
)
_STANDS_FOR = regex.compile(
    r"\b(?:er|sie|es|ihn|ihm|ihr|dessen|deren|dort|dafür|davon|il|elle|ils|elles|lui|y|él|ella|ellos"
    r"|ellas|lo|ello|esto|eso|allí"
    r"|он|она|оно|они|его|е[её]|их|ему|ей|там|lui|lei|loro|ele|hij|zij|ze|هو|هي|هم|هناك|فيه|فيها)\b"
    r"|[它他她]们?|那里|这里|それ|彼女?|そこ|あれ",
    regex.IGNORECASE,
)
_BARE = regex.compile(
    r"(?:warum|wieso|weshalb|wann|wo|wer|wie|wie viel|pourquoi|quand|où|qui|comment|combien|por qué"
    r"|cuándo|dónde|quién|cómo|cuánto"
    r"|perché|quando|dove|chi|onde|quem|waarom|wanneer|waar|wie|почему|зачем|когда|где|кто|как|сколько"
    r"|为什么|什么时候|谁|哪里|多少"
    r"|なぜ|いつ|誰|どこ|どうして|いくら|لماذا|متى|أين|من|كيف|كم)",
    regex.IGNORECASE,
)
_FEW_WORDS, _FEW_SIGNS = 3, 9  # of a question that leans on the one before; signs where there are no spaces


def asks_overview_elsewhere(question: str) -> bool:
    """Whether ``question`` asks in another language than English what the articles are about, or for a summary.

    >>> [asks_overview_elsewhere(asked) for asked in ("Worum geht es?", "Worum geht es bei der Brücke?")]
    [True, False]
    """
    return _OVERVIEW.fullmatch(_plain(question)) is not None


def leans_elsewhere(question: str) -> bool:
    """Whether a question in another language than English is too short to be understood without the one before.

    >>> [leans_elsewhere(asked) for asked in ("Und warum?", "¿Y por quién?", "Wann wurde die Brücke gebaut?")]
    [True, True, False]
    """
    plain = _plain(question)
    opening = _OPENING.match(plain)
    rest = plain[opening.end() :] if opening else plain
    if _BARE.fullmatch(rest):
        return True
    few = len(rest.split()) <= _FEW_WORDS and (" " in rest or opening is not None or len(rest) <= _FEW_SIGNS)
    return few and (opening is not None or _STANDS_FOR.search(rest) is not None)


def _plain(question: str) -> str:
    return " ".join(regex.findall(r"[\p{L}\p{M}\p{N}]+(?:['’][\p{L}\p{M}]+)*", question.casefold())).replace(
        "’", "'"
    )
