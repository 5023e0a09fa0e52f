"""HTML -> units: finds the article on a web page, walks all of it, says of each unit what part of the page it is."""

from backmail.article.html.blocks import article_drafts, other_drafts
from backmail.article.html.page import WebPage, web_page
from backmail.article.html.parsing import decoded

__all__ = ["WebPage", "article_drafts", "decoded", "other_drafts", "web_page"]
