"""Fetches what stands at an address, when a person asks: the only reader of the web, within limits of its own."""

from backmail.desk.fetch.download import Fetched, Limits, Web
from backmail.desk.fetch.page import article_at, is_address
from backmail.desk.fetch.public import is_public

__all__ = ["Fetched", "Limits", "Web", "article_at", "is_address", "is_public"]
