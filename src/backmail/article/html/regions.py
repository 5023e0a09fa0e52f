"""Says of the elements of a page which are not the article: menus, forms, comments, boxes of links, advertisements."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from lxml.html import HtmlElement

from backmail.article.html.dom import BLOCKS, HEADINGS, Dom, begins_line, class_words, is_hidden
from backmail.article.prices import PRICE

__all__ = ["ACCORDION", "Label", "regions"]


class Label(NamedTuple):
    """What part of the page an element is ("" is the article), and why."""

    region: str
    reason: str


_OUTSIDE = Label("chrome", "chrome.outside-article")
_ARTICLE = Label("", "")
_TEASER = Label("related", "related.teaser")
_GRID = Label("related", "related.product-grid")

_TAGS = {"nav": "chrome.nav", "menu": "chrome.nav", "footer": "chrome.footer", "dialog": "chrome.dialog",
         "select": "chrome.form", "textarea": "chrome.form", "search": "chrome.search", "video": "chrome.media",
         "audio": "chrome.media", "object": "chrome.media", "canvas": "chrome.media"}  # fmt: skip
_ROLES = {"navigation": "chrome.nav", "menu": "chrome.nav", "menubar": "chrome.nav", "search": "chrome.search",
          "banner": "chrome.header", "contentinfo": "chrome.footer", "dialog": "chrome.dialog",
          "alertdialog": "chrome.dialog", "complementary": "chrome.aside", "toolbar": "chrome.share"}  # fmt: skip


class _Words(NamedTuple):
    """Class words of one part: words that tell it alone, pairs that tell it together, how much it may hold.

    `linked` is the least share of its words that are links.
    """

    label: Label
    alone: str = ""
    pairs: str = ""
    most: int = 100_000
    linked: float = 0.0


# Class and id words as page builders and content systems write them, in the languages that we read. The first that
# fits counts. What may as well name a part of an article ("tip-box", "author-notes") is not here.
_CLASSES = (
    _Words(
        Label("comments", "chrome.comments"),
        "comments commentlist commentarea commentsection disqus kommentare kommentarer commentaires comentarios "
        "comment kommentar commentaire comentario respond trackbacks pingbacks opinions fbcomments",
        "comment-list comment-form comment-area leave-reply leave-comment user-comment reader-comments",
    ),
    _Words(
        Label("toc", "toc.class"),
        "toc tableofcontents inhaltsverzeichnis indholdsfortegnelse innehåll sommaire indice",
        "table-of ez-toc lwptoc-items on-page page-contents content-index",
        most=400,
        linked=0.4,
    ),
    _Words(
        Label("chrome", "chrome.share"),
        "share sharing shariff sharedaddy addtoany addthis heateor social socials socialmedia sociallinks teilen "
        "sharebar sharebuttons partager compartir deling dela shareaholic essb sociable followus",
        "share-buttons follow-us social-media",
        most=120,
    ),
    _Words(
        Label("related", "related.class"),
        "related recommended recommendations recirc yarpp outbrain taboola relatedposts recommends readalso",
        "more-articles more-posts more-stories more-from more-on read-more read-next read-also see-also also-like "
        "you-may popular-posts popular-articles latest-posts latest-news latest-articles recent-posts top-stories "
        "trending-now most-read most-viewed post-navigation posts-navigation nav-links next-post prev-post "
        "previous-post next-article weitere-artikel ähnliche-artikel aehnliche-artikel verwandte-artikel mehr-zum "
        "artikel-teaser articles-lies lire-aussi lire-plus lea-también lea-tambien te-puede læs-også laes-ogsaa "
        "läs-mer "
        "further-reading post-grid articles-list teaser-list",
        linked=0.25,
    ),
    _Words(
        _TEASER,
        "teaser teasers",
        "promo-box promo-card link-card article-card post-card content-card related-card",
        most=150,
        linked=0.05,
    ),
    _Words(
        _GRID,
        "upsell upsells crosssell crosssells crossselling",
        "up-sells cross-sells cross-selling cross-sell product-recommendations recommended-products featured-products "
        "related-products shop-recommendations",
        most=400,
    ),
    _Words(
        Label("chrome", "chrome.media"), pairs="video-caption video-title video-headline video-description", most=40
    ),
    _Words(Label("chrome", "chrome.call-to-action"), pairs="call-to", most=40),
    _Words(
        Label("chrome", "chrome.newsletter"),
        "newsletter newsletters subscribe subscription signup optin mailchimp mc4wp mailpoet nyhedsbrev nyhetsbrev "
        "convertkit hsform emailsignup abonnieren",
        "sign-up email-form opt-in",
        most=200,
    ),
    _Words(
        Label("chrome", "chrome.advertisement"),
        "ad ads advert adverts advertisement advertising adsense adsbygoogle adslot adbox adcontainer adwrapper "
        "anzeige anzeigen werbung annonce annoncer reklame publicidad publicité publicite sponsored sponsor sponsors",
        "google-ad",
        most=300,
    ),
    _Words(
        Label("chrome", "chrome.cookies"),
        "cookie cookies consent gdpr cookiebar cookiebanner cookienotice onetrust usercentrics borlabs cookiebot dsgvo",
        "cookie-notice",
        most=600,
    ),
    _Words(
        Label("chrome", "chrome.hidden"), "visuallyhidden", "sr-only screen-reader visually-hidden skip-link skip-to"
    ),
    _Words(
        Label("chrome", "chrome.nav"),
        "nav navbar navigation navi menu menus breadcrumb breadcrumbs brotkrumen crumbs pagination pager paginator "
        "pagenavi topbar hamburger submenu subnav megamenu langswitch backtotop totop",
        "main-menu page-numbers jump-to back-to language-switcher print-button you-are",
        linked=0.2,
    ),
    _Words(Label("chrome", "chrome.search"), "searchform searchbox", "search-form search-box search-field", most=60),
    _Words(
        Label("chrome", "chrome.sidebar"), "sidebar seitenleiste sidebars rightrail", "right-rail widget-area side-bar"
    ),
    _Words(Label("chrome", "chrome.login"), "paywall login signin loginform", "log-in sign-in modal-dialog"),
    _Words(
        Label("chrome", "chrome.author"),
        "authorbox autorenbox aboutauthor authorbio molongui",
        "author-box author-bio author-info author-card author-profile author-about author-description author-section "
        "about-author abh-box autor-box autor-info entry-author post-author author-avatar",
        most=250,
    ),
    _Words(
        Label("chrome", "chrome.byline"),
        "byline dateline timestamp pubdate postmeta entrymeta author autor authors published lastupdated readingtime",
        "entry-meta post-meta article-meta post-info entry-info article-info post-date entry-date article-date "
        "published-date posted-on posted-by date-published reading-time read-time meta-data post-details publish-date "
        "article-byline updated-on blog-meta",
        most=60,
    ),
    _Words(
        Label("chrome", "chrome.tags"),
        "tags taglist tagcloud schlagworte keywords etiquetas",
        "tag-list tag-cloud tag-links tags-links cat-links post-tags entry-tags post-categories entry-categories "
        "post-category entry-footer",
        most=120,
        linked=0.5,
    ),
    _Words(
        Label("chrome", "chrome.rating"),
        "rating ratings stars votes likes",
        "star-rating user-rating post-ratings like-button",
        most=30,
    ),
    _Words(
        Label("chrome", "chrome.footer"),
        "colophon siteinfo sitefooter",
        "site-footer page-footer main-footer global-footer footer-wrapper footer-container footer-widgets",
        most=400,
    ),
    _Words(Label("chrome", "chrome.header"), "masthead siteheader", "site-header page-header main-header", most=400),
)
# Classes that speak of the page around them, not of what the element is.
_ABOUT_OTHERS = frozenset({
    "no", "has", "with", "without", "is", "not", "hide", "show", "enable", "enabled", "disable", "disabled",
    "single", "category", "tag", "page", "body", "hentry", "type", "status", "format", "wpb", "post",
    "elementor", "template",
})  # fmt: skip
# What a class with one of these calls a teaser is a product, which may well be the article's.
_SOLD = frozenset({"product", "products", "produkt", "produkte", "producto", "productos", "produit", "produits"})
_NEVER = frozenset(
    {"html", "body", "main", "article", *HEADINGS, "p", "td", "th", "tr", "tbody", "table", "strong", "em"}
)
ACCORDION = frozenset(
    [
        "accordion",
        "accordions",
        "accordeon",
        "akkordeon",
        "faq",
        "faqs",
        "toggle",
        "collapsible",
        "collapse",
        "collapsed",
        "expander",
        "expandable",
        "details",
        "panel",
        "tab",
        "tabs",
        "tabpanel",
        "harmonika",
        "spoiler",
        "dropdown",
        "answer",
        "answers",
        "antwort",
        "svar",
        "réponse",
        "respuesta",
    ]
)
_PROPS = {"author": "chrome.byline", "datepublished": "chrome.byline", "datemodified": "chrome.byline",
          "publisher": "chrome.byline", "comment": "chrome.comments", "commentcount": "chrome.comments",
          "keywords": "chrome.tags", "breadcrumb": "chrome.nav", "interactionstatistic": "chrome.share"}  # fmt: skip
_TYPES = {"comment": Label("comments", "chrome.comments"), "usercomments": Label("comments", "chrome.comments"),
          "breadcrumblist": Label("chrome", "chrome.nav"), "sitenavigationelement": Label("chrome", "chrome.nav"),
          "wpheader": Label("chrome", "chrome.header"), "wpfooter": Label("chrome", "chrome.footer"),
          "wpsidebar": Label("chrome", "chrome.sidebar"),
          "wpadblock": Label("chrome", "chrome.advertisement")}  # fmt: skip
_REPLY = frozenset({"reply", "antworten", "svar", "svara", "responder", "répondre", "beantwoorden", "rispondi"})
_REPLIES = 3
_TIP = frozenset({
    "note", "notes", "tip", "tips", "callout", "admonition", "info", "infobox", "warning", "caution",
    "hinweis", "achtung", "hint", "important", "advice", "key", "takeaway", "takeaways", "box", "summary",
    "quote", "pullquote",
})  # fmt: skip
# A class that ends in one of these, or has one of these pairs, is that of a box with several products.
_SEVERAL = frozenset({"products", "produkte", "productos", "produits", "produkter"})
_GRID_PAIRS = frozenset({
    ("product", "grid"), ("products", "grid"), ("product", "list"), ("products", "list"), ("product", "slider"),
    ("products", "slider"), ("product", "carousel"), ("products", "carousel"), ("product", "tiles"),
})  # fmt: skip
_LINES = frozenset({"p", "div", "h2", "h3", "strong"})
_STANDFIRST = 12  # words
_ADDRESS_WORDS = 30
_SHARE = 0.4  # of the article's words: what holds more is no part of the page beside it
_FORM_WORDS = 150  # of a form; one that holds more is wrapped around the page (ASP.NET does that)
_HIDDEN_PROSE = 25  # words of hidden text that is to be unfolded
_GRID_WORDS = 400  # of a grid of products
_PRICE_LETTERS = 30
_GRID_PROSE = 25  # words of a paragraph: a grid that has such a one tells of its products
_HEADER_WORDS, _HEADER_DEPTH = 6, 5
_CHIP = frozenset({"badge", "badges", "chip", "chips", "pill", "pills"})
_CHIPS, _CHIP_WORDS = 2, 5
_WIDGETS = frozenset({"quiz", "quizz", "poll", "polls", "survey", "umfrage", "voting", "vote", "afstemning",
                      "omröstning", "sondage", "encuesta", "newsletter", "signup"})  # fmt: skip
_TYPED = frozenset({"checkbox", "radio"})  # what is ticked may be an ingredient, what is typed in is a form's


def regions(dom: Dom, root: HtmlElement, title: HtmlElement | None) -> Mapping[HtmlElement, Label]:
    """Return the label of every element of a page.

    Arguments:
        dom: of the page.
        root: the element that holds the article.
        title: the article's heading, which may stand above the root; it always belongs to the article.
    """
    done: dict[HtmlElement, Label] = {}
    judge = _Judge(dom, root, title)
    discussion = _discussion(dom, root)
    for element in dom.elements:
        parent = element.getparent()
        above = done.get(parent, _OUTSIDE) if parent is not None else _OUTSIDE
        if element is root or element is title or (above == _OUTSIDE and judge.is_standfirst(element)):
            done[element] = _ARTICLE
        elif element is discussion:
            done[element] = Label("comments", "chrome.comments")
        elif above.region and above != _OUTSIDE:
            done[element] = above
        else:
            done[element] = judge.label(element) or above
    return done


def _discussion(dom: Dom, root: HtmlElement) -> HtmlElement | None:
    """Return the element that holds a discussion which no class names: each of its comments can be answered."""
    replies = [each for each in dom.elements if each.tag in ("a", "button") and _is_reply(dom, each)]
    if len(replies) < _REPLIES:
        return None
    around: HtmlElement | None = replies[0]
    while around is not None and not dom.holds(around, replies[-1]):
        around = around.getparent()
    return None if around is None or dom.holds(around, root) else around


def _is_reply(dom: Dom, element: HtmlElement) -> bool:
    return 0 < dom.words(element) <= 2 and "".join(element.itertext()).strip().casefold() in _REPLY


class _Judge:
    """Judges one element by its tag, its role, what it says of itself, its classes, and what it holds."""

    def __init__(self, dom: Dom, root: HtmlElement, title: HtmlElement | None) -> None:
        self.dom = dom
        self.root = root
        self.title = title
        self.most = _SHARE * dom.words(root)

    def label(self, element: HtmlElement) -> Label | None:
        """Return the label of an element, or None where nothing sets it apart from what is around it."""
        if self.dom.holds(element, self.root):
            return None
        judges: tuple[Callable[[HtmlElement], Label | None], ...] = (
            self._by_schema, self._by_class, self._by_tag, self._by_links, self._by_grid, self._by_hiding,
            self._by_header, self._by_chips, self._by_widget,
        )  # fmt: skip
        inside = self.dom.holds(self.root, element)
        for judge in judges:
            found = judge(element)
            if found and not (inside and self._is_too_much(element, found)):
                return found
        return None

    def is_standfirst(self, element: HtmlElement) -> bool:
        """Say whether a paragraph stands between the title and the root, as an article's first lines may."""
        if self.title is None or self.label(element) is not None:
            return False
        between = self.dom.end(self.title) < self.dom.place(element) < self.dom.place(self.root)
        lines = element.tag in _LINES and not any(each.tag in BLOCKS for each in self.dom.inside(element)[1:])
        return between and lines and self.dom.words(element) >= _STANDFIRST and self.dom.linked(element) < 0.3

    def _is_too_much(self, element: HtmlElement, found: Label) -> bool:
        """Say whether an element holds the title, or so much of the article that its label must be wrong."""
        if self.title is not None and self.dom.holds(element, self.title):
            return True
        # A long discussion may well have more words than the article.
        return found.region != "comments" and self.dom.words(element) > self.most

    def _by_tag(self, element: HtmlElement) -> Label | None:
        role = (element.get("role") or "").casefold()
        tag = element.tag
        if tag == "label" and self._names_a_field(element):
            return Label("chrome", "chrome.form")
        if reason := _ROLES.get(role) or _TAGS.get(str(tag)):
            parent = element.getparent()
            quoted = tag == "footer" and parent is not None and parent.tag == "blockquote"
            beside = role == "complementary" and self._is_tip(element)
            return None if quoted or beside else Label("chrome", reason)
        if tag == "aside":
            return None if self._is_tip(element) else Label("chrome", "chrome.aside")
        if tag == "form":
            return Label("chrome", "chrome.form") if self.dom.words(element) <= _FORM_WORDS else None
        reason = (
            "chrome.button" if tag == "button" and begins_line(element) and not _is_head(element)
            else "chrome.byline" if tag == "address" and self.dom.words(element) <= _ADDRESS_WORDS
            else "chrome.header" if tag == "header" and self.dom.linked(element) > 0.5
            else ""
        )  # fmt: skip
        return Label("chrome", reason) if reason else None

    def _is_tip(self, element: HtmlElement) -> bool:
        """Say whether an aside belongs to the article: it says something itself instead of leading elsewhere."""
        words = {word for each in class_words(element) for word in each}
        prose = self.dom.words(element) >= 8 and self.dom.linked(element) < 0.25
        return (
            self.dom.holds(self.root, element)
            and prose
            and bool(words & _TIP or not any(each.tag in ("form", "nav", "input") for each in self.dom.inside(element)))
        )

    def _by_schema(self, element: HtmlElement) -> Label | None:
        kind = (element.get("itemtype") or "").rstrip("/").rpartition("/")[2].casefold()
        if label := _TYPES.get(kind):
            return label
        for prop in (element.get("itemprop") or "").casefold().split():
            if prop in _PROPS and self.dom.words(element) <= 60 and element.tag not in _NEVER:
                return Label("comments" if "comment" in prop else "chrome", _PROPS[prop])
        return None

    def _by_class(self, element: HtmlElement) -> Label | None:
        card = element.tag == "article" and self.dom.holds(self.root, element)  # inside another one
        if element.tag in _NEVER and not card:
            return None
        tokens = [words for words in class_words(element) if words and words[0] not in _ABOUT_OTHERS]
        if not tokens:
            return None
        for rule in _CLASSES:
            if card and rule.label.region != "related":
                continue
            known = [words for words in tokens if _SOLD.isdisjoint(words)] if rule.label == _TEASER else tokens
            fits = any(_fits(rule, words) for words in known)
            if fits and rule.label == _TEASER and self._has_price(element):
                continue
            if fits and self.dom.words(element) <= rule.most and self.dom.linked(element) >= rule.linked:
                return rule.label
        return None

    def _has_price(self, element: HtmlElement) -> bool:
        """Say whether a box has a price: what it teases is for sale, and no other article."""
        few = self.dom.words(element) <= _GRID_WORDS
        return few and any(PRICE.fullmatch(text.strip()) for text in element.itertext() if len(text) < _PRICE_LETTERS)

    def _by_links(self, element: HtmlElement) -> Label | None:
        """A list of links to places on this page is its table of contents, one of links to tags its list of tags."""
        if element.tag not in ("ul", "ol", "p", "div") or self.dom.linked(element) < 0.8:
            return None
        links = [each for each in self.dom.inside(element) if each.tag == "a"]
        if links and all("tag" in (each.get("rel") or "").split() for each in links):
            return Label("chrome", "chrome.tags")
        if element.tag not in ("ul", "ol"):
            return None
        inside = sum((each.get("href") or "").startswith("#") and each.get("href") != "#" for each in links)
        return Label("toc", "toc.links-inside-the-page") if inside >= 3 and inside * 10 >= len(links) * 8 else None

    def _by_grid(self, element: HtmlElement) -> Label | None:
        """A box of products, each with a picture, a name and a price, is the shop's and not the article's."""
        if element.tag not in ("div", "ul", "section") or not 0 < self.dom.words(element) <= _GRID_WORDS:
            return None
        if not any((words and words[-1] in _SEVERAL) or _GRID_PAIRS & set(itertools.pairwise(words))
                   for words in class_words(element)):  # fmt: skip
            return None
        inside = self.dom.inside(element)[1:]
        cards = [each for each in element if each.tag in ("div", "li", "article", "a")]
        told = any(each.tag == "p" and self.dom.words(each) >= _GRID_PROSE for each in inside)
        return _GRID if len(cards) > 1 and not told and any(each.tag == "a" for each in inside) else None

    def _by_header(self, element: HtmlElement) -> Label | None:
        """The short lines beside the title in its <header>: who wrote it, how many shared it, how long it takes."""
        if element.tag not in ("div", "li", "span") or not 0 < self.dom.words(element) <= _HEADER_WORDS:
            return None
        header = next((each for each in _above(element, _HEADER_DEPTH) if each.tag == "header"), None)
        if header is None or self.title is None or not self.dom.holds(header, self.title):
            return None
        lines = not any(each.tag in BLOCKS for each in self.dom.inside(element)[1:])
        apart = not self.dom.holds(element, self.title) and not self.dom.holds(self.title, element)
        said = "".join(element.itertext()).strip().endswith((".", "?", "!"))
        return Label("chrome", "chrome.header") if lines and apart and not said else None

    def _by_chips(self, element: HtmlElement) -> Label | None:
        """A row of a few words each in little boxes, as "Vegan" and "20 min": they sort a page, and say nothing."""
        chips = [each for each in element if self.dom.place(each) >= 0]
        if len(chips) < _CHIPS or self.dom.words(element) != sum(self.dom.words(each) for each in chips):
            return None
        named = all(any(_CHIP & set(words) for words in class_words(each)) for each in chips)
        short = all(self.dom.words(each) <= _CHIP_WORDS for each in chips)
        return Label("chrome", "chrome.tags") if named and short else None

    def _by_widget(self, element: HtmlElement) -> Label | None:
        """The heading of a quiz or a vote, which a script puts into the empty element below it."""
        below = element.getnext() if element.tag in HEADINGS else None
        if below is None or below.tag not in ("div", "section", "iframe") or self.dom.words(below):
            return None
        around = self.dom.inside(below) or [below]
        named = any(_WIDGETS & set(words) for each in around for words in class_words(each))
        return Label("chrome", "chrome.form") if named and not any(each.tag == "img" for each in around) else None

    def _names_a_field(self, element: HtmlElement) -> bool:
        """Say whether a label stands at what a reader types in or chooses, rather than at an item that is ticked."""
        if _is_head(element) or any(each.tag in ("li", "td", "label") for each in _above(element, 3)):
            return False
        around = element.getparent()
        fields = [] if around is None else [*self.dom.inside(around, 60)]
        return any(
            each.tag in ("select", "textarea")
            or (each.tag == "input" and (each.get("type") or "text").casefold() not in _TYPED)
            for each in fields
        )

    def _by_hiding(self, element: HtmlElement) -> Label | None:
        """What is folded away is text of the article; what is never shown is not."""
        if not is_hidden(element):
            return None
        around = (element, *_above(element, 3))
        unfolds = element.get("id") is not None and element.get("aria-labelledby") is not None
        words = {word for each in around for name in class_words(each) for word in name}
        prose = self.dom.words(element) >= _HIDDEN_PROSE and self.dom.linked(element) < 0.3
        if not prose and any(each.tag == "input" for each in self.dom.inside(element)):  # a switch that scripts show
            return Label("chrome", "chrome.hidden")
        return None if unfolds or words & ACCORDION or prose else Label("chrome", "chrome.hidden")


def _fits(rule: _Words, words: tuple[str, ...]) -> bool:
    """Say whether the words of one class name what a rule is about."""
    alone, pairs = _known(rule)
    return any(word in alone for word in words) or any(pair in pairs for pair in itertools.pairwise(words))


_SPLIT: dict[str, tuple[frozenset[str], frozenset[tuple[str, ...]]]] = {}


def _known(rule: _Words) -> tuple[frozenset[str], frozenset[tuple[str, ...]]]:
    if rule.label.reason not in _SPLIT:
        pairs = frozenset(tuple(each.split("-")[:2]) for each in rule.pairs.split())
        _SPLIT[rule.label.reason] = (frozenset(rule.alone.split()), pairs)
    return _SPLIT[rule.label.reason]


def _is_head(element: HtmlElement) -> bool:
    """Say whether a button opens what stands below it."""
    if element.get("aria-expanded") is not None or element.get("aria-controls"):
        return True
    if any(each is not None and each.tag == "button" for each in (element.getnext(), element.getprevious())):
        return False  # one of a row of buttons is a choice: "1x 2x 3x"
    around = (element, *_above(element, 2))
    return bool({word for each in around for name in class_words(each) for word in name} & ACCORDION)


def _above(element: HtmlElement, count: int) -> Iterator[HtmlElement]:
    """Yield the elements around an element, the nearest first."""
    around = element.getparent()
    while around is not None and count:
        yield around
        around, count = around.getparent(), count - 1
