"""What of a campaign has grown old: its article, prices of its products, years in its texts that are over."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

from backmail.campaign.lint import Page
from backmail.config import Project
from backmail.errors import Place
from backmail.model.article import Article
from backmail.model.campaign import Campaign, Finding, Product, Severity, Step
from backmail.remarks import Remark
from backmail.remarks.remark import warning
from backmail.yamlfile import load

__all__ = ["stale"]

ARTICLE_YEARS = 2
PRICE_DAYS = 90

# A year at which one may have been born, or a firm founded, is history; one of the last years dates a text.
_YEAR = re.compile(r"(?<![\d.,/-])(20\d\d)(?![\d/]|[.,-]\d)")
_CITED = re.compile(r"\([^()]*\b20\d\d[a-z]?\)|\bet al\.[^.]*|https?://\S+|\]\([^)]*\)|\[[^\]]*\]:.*|©.*")
_SENTENCE = re.compile(r"[^.!?]+(?:[.!?]+|$)")
_OUTSIDE = frozenset({"sources"})

_SEASONS: Mapping[str, str] = {
    "en": "spring|summer|autumn|fall|winter|christmas|easter",
    "da": "forår(?:et)?|sommer(?:en)?|efterår(?:et)?|vinter(?:en)?|jul(?:en)?|påske(?:n)?",
    "de": "frühling|frühjahr|sommer|herbst|winter|weihnachten|ostern",
    "sv": "vår(?:en)?|sommar(?:en)?|höst(?:en)?|vinter(?:n)?|jul(?:en)?|påsk(?:en)?",
    "es": "primavera|verano|otoño|invierno|navidad|pascua",
    "fr": "printemps|été|automne|hiver|noël|pâques",
    "nb": "våren|sommeren|høsten|vinteren|jula?|påsken?",
    "nl": "lente|voorjaar|zomer|herfst|najaar|winter|kerst|pasen",
    "it": "primavera|estate|autunno|inverno|natale|pasqua",
}
_MONTHS: Mapping[str, str] = {
    "en": "january|february|march|april|may|june|july|august|september|october|november|december",
    "da": "januar|februar|marts|april|maj|juni|juli|august|september|oktober|november|december",
    "de": "januar|jänner|februar|märz|april|mai|juni|juli|august|september|oktober|november|dezember",
    "sv": "januari|februari|mars|april|maj|juni|juli|augusti|september|oktober|november|december",
    "es": "enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre",
    "fr": "janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre",
    "nb": "januar|februar|mars|april|mai|juni|juli|august|september|oktober|november|desember",
    "nl": "januari|februari|maart|april|mei|juni|juli|augustus|september|oktober|november|december",
    "it": "gennaio|febbraio|marzo|aprile|maggio|giugno|luglio|agosto|settembre|ottobre|novembre|dicembre",
}
_DATED: Mapping[str, str] = {
    "en": "updated|as of|valid|current|revised|last checked|prices? (?:from|of)",
    "da": "opdateret|pr\\.|gælder|gyldig|senest|priser fra",
    "de": "aktualisiert|stand|gültig|überarbeitet|zuletzt|preise von",
    "sv": "uppdaterad|priser per|gäller|giltig|senast|priser från",
    "es": "actualizado|a fecha de|válido|vigente|revisado|precios de",
    "fr": "mis à jour|mise à jour|tarifs au|prix au|valable|révisé|prix de",
    "nb": "oppdatert|priser per|gjelder|gyldig|sist|priser fra",
    "nl": "bijgewerkt|prijzen per|geldig|herzien|laatst|prijzen van",
    "it": "aggiornato|prezzi al|valido|rivisto|prezzi del",
}
_PROMISED: Mapping[str, str] = {
    "en": "will|we'll|shall|going to|coming|upcoming|next|soon|plan to|planned",
    "da": "vil|kommer (?:\\w+ )?til|kommende|næste|snart|planlægger|planlagt",
    "de": "wird|werden|werde|kommende[nrms]?|nächste[nrms]?|bald|geplant|planen",
    "sv": "kommer (?:\\w+ )?att|ska|kommande|nästa|snart|planerar|planerad",
    "es": "será|serán|vamos a|va a|van a|próxim[oa]s?|pronto|previsto|prevista",
    "fr": "sera|seront|allons|va|vont|prochain(?:e|es|s)?|bientôt|prévue?s?",
    "nb": "vil|kommer (?:\\w+ )?til|kommende|neste|snart|planlegger|planlagt",
    "nl": "zal|zullen|gaat|gaan|komende|volgend|binnenkort|gepland",
    "it": "sarà|saranno|prossim[oaie]|presto|previst[oaie]",
}


def stale(campaign: Campaign, articles: Sequence[Article], project: Project, today: dt.date) -> list[Finding]:
    """Return what a reader would find out of date.

    Args:
        campaign: whose files are judged.
        articles: those that it is made from, in order; none: they are not judged.
        project: whose catalogue has the prices.
        today: what is old is old as of then.
    """
    pages = [Page(campaign, step) for step in campaign.steps]
    made_from = zip(articles, campaign.articles, strict=False)
    found = [finding for article, name in made_from for finding in _article(campaign, article, name, today)]
    found += _prices(campaign, pages, project, today)
    return found + [finding for page in pages for finding in _years(page, today)]


def _article(campaign: Campaign, article: Article, name: str, today: dt.date) -> Iterator[Finding]:
    """article-old: what was true when it was written may not be so any longer."""
    try:
        published = dt.date.fromisoformat(article.published[:10])
    except ValueError:
        return
    if today.year - published.year - ((today.month, today.day) < (published.month, published.day)) >= ARTICLE_YEARS:
        message = f"the article is of {published}: more than {ARTICLE_YEARS} years old"
        hint = "read it again" + ("" if campaign.added else "; `backmail resplit` takes over what you change in it")
        yield _of_campaign(
            campaign,
            Remark("article-old", Severity.INFO, message, hint),
            Place(str(campaign.folder / name)),
        )


def _prices(campaign: Campaign, pages: list[Page], project: Project, today: dt.date) -> Iterator[Finding]:
    """price-old, product-over: of the products that stand in the mails."""
    shown = {each.attributes.get("sku", "") for page in pages for each in page.containers if each.name == "product"}
    if not shown or not project.catalog.exists():
        return
    document = load(project.catalog)
    for number, product in enumerate(campaign.catalog.products):
        if product.sku in shown:
            for key, remark in _of_product(product, today):
                yield _of_campaign(campaign, remark, document.place(("products", number, key)))


def _of_product(product: Product, today: dt.date) -> Iterator[tuple[str, Remark]]:
    """Give what is old of a product, with the setting that says so."""
    if product.until and product.until < today:
        message = f"{product.name} was to be had until {product.until}"
        yield "until", warning("product-over", message, "set another `until`, or `available: false`")
    if product.price and product.price_as_of and (today - product.price_as_of).days > PRICE_DAYS:
        message = f"the price of {product.name} is of {product.price_as_of}: more than {PRICE_DAYS} days old"
        yield "price_as_of", warning("price-old", message, "look it up, and set `price` and `price_as_of`")


def _years(page: Page, today: dt.date) -> Iterator[Finding]:
    """year-past: a year that is over, in a title, in a promise, or as the date of something."""
    step = page.step
    for key, text in _titles(step):
        for year in _past(text, today):
            yield page.finding(_in_a_title(year), page.place(key))
    outside = [each for each in page.containers if each.name in _OUTSIDE]
    for number, line in enumerate(step.body.split("\n"), step.body_line):
        if any(each.start <= number <= each.end for each in outside):
            continue
        for remark in _of_line(line, page.language(number), today):
            yield page.finding(remark, page.at(number))


def _titles(step: Step) -> Iterator[tuple[str, str]]:
    yield "subject", step.subject
    yield "preheader", step.preheader
    yield "teaser", step.teaser


def _past(text: str, today: dt.date) -> list[int]:
    """Return the years in a text that are over; those of what is cited are no dates of this text."""
    found = [int(year) for year in _YEAR.findall(_CITED.sub(" ", text))]
    return [year for year in dict.fromkeys(found) if year < today.year]


def _in_a_title(year: int) -> Remark:
    return warning("year-past", f"{year} is over, and the text bears it as its date", "write what is true now")


def _of_line(line: str, language: str, today: dt.date) -> Iterator[Remark]:
    """Give what is said of the years of one line, each once."""
    if line.lstrip().startswith("#"):
        yield from (_in_a_title(year) for year in _past(line, today))
        return
    promised, dated, season = _patterns(language.partition("-")[0].lower())
    hint = "write what is true now, or take the sentence out"
    for sentence in _SENTENCE.findall(_CITED.sub(" ", line)):
        for year in _past(sentence, today):
            if promised.search(sentence):
                yield warning("year-past", f"{year} is over, and the sentence speaks of it as to come", hint)
            elif re.search(rf"{dated.pattern}[^.]{{0,20}}\b{year}\b", sentence, re.IGNORECASE):
                yield warning("year-past", f"{year} is over, and the text is dated by it", hint)
            elif re.search(rf"{season.pattern}[\s,]+(?:de |del )?{year}\b", sentence, re.IGNORECASE):
                message = f"{year} is over: is the date still of use to a reader?"
                yield Remark("year-past", Severity.INFO, message, hint)


@lru_cache
def _patterns(language: str) -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    """Return how a language says that something is to come, how it dates a text, its months and seasons."""
    language = language if language in _PROMISED else "en"
    words = (_PROMISED[language], _DATED[language], f"{_SEASONS[language]}|{_MONTHS[language]}")
    promised, dated, season = (re.compile(rf"(?<!\w)(?:{each})(?!\w)", re.IGNORECASE) for each in words)
    return promised, dated, season


def _of_campaign(campaign: Campaign, remark: Remark, place: Place | None) -> Finding:
    return Finding(remark.id, remark.severity, remark.message, campaign.slug, "", place, remark.hint)
