"""Verification: whether the cited words carry each statement of an answer."""

from rag.verify.citations import adds as adds
from rag.verify.citations import check as check
from rag.verify.citations import recheck as recheck
from rag.verify.citations import verify as verify
