"""Receipts: an answer kept in a file with its quotes, spans and fingerprints, and verified again later.

Comes in: an answer, then the articles as they are now. Goes out: what has changed since. No model, no network.

- ``receipt_file``: a receipt written to a file and read back
- ``found_again``: where the words of a passage stand in an article as it is now
- ``recheck``: each article, quote and statement of a receipt, as it was and as it is now
"""

from rag.receipts.receipt_file import Receipt as Receipt
from rag.receipts.receipt_file import read_receipt as read_receipt
from rag.receipts.receipt_file import write_receipt as write_receipt
from rag.receipts.recheck import Recheck as Recheck
from rag.receipts.recheck import RecheckedArticle as RecheckedArticle
from rag.receipts.recheck import RecheckedQuote as RecheckedQuote
from rag.receipts.recheck import RecheckedStatement as RecheckedStatement
from rag.receipts.recheck import recheck_to_json as recheck_to_json
from rag.receipts.recheck import verify_receipt as verify_receipt
