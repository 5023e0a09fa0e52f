"""`backmail outline --why`, `--html`: why an article was understood so, and why each part goes where it goes."""

from backmail.desk.explain.page import page
from backmail.desk.explain.telling import lines
from backmail.desk.explain.views import Explained, ExplainedMail, Explanation, explain
from backmail.desk.explain.words import LANGUAGES, Words, words_for, words_in

__all__ = [
    "LANGUAGES", "Explained", "ExplainedMail", "Explanation", "Words", "explain", "lines", "page", "words_for",
    "words_in",
]  # fmt: skip
