"""Verification: whether the cited words carry each statement of an answer."""

from rag.verify.citations import adds as adds
from rag.verify.citations import check_claim as check_claim
from rag.verify.citations import recheck as recheck
from rag.verify.citations import verify as verify
