"""An article and its plan -> every file of a new campaign's folder, as text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from backmail.campaign.adapt import Change, changes, reword, rewordings, sentence_case
from backmail.campaign.base import FILE as BASE
from backmail.campaign.base import GeneratedStep, Part, Piece, PieceKind, base_text
from backmail.campaign.body import Instructs, Sentences, Writing, definitions, head_of, repeated, written
from backmail.campaign.catalog import find, product_name
from backmail.campaign.chapters import below
from backmail.campaign.coverage import FILE as COVERAGE
from backmail.campaign.coverage import coverage
from backmail.campaign.names import one_line
from backmail.campaign.numbering import numbers_of
from backmail.campaign.outline import FILE as OUTLINE
from backmail.campaign.outline import Outline, outline_text, outline_text_in
from backmail.campaign.phrases import phrases
from backmail.errors import CampaignError
from backmail.markup import fold, inert
from backmail.model.article import Article, Block, Kind, Source, UnitKind
from backmail.model.campaign import Catalog, Copied, Sender
from backmail.model.plan import Ahead, Plan, PlannedStep
from backmail.yamlfile import dump, modeline

_EXAMPLE = Sender("Anna at Acme", "anna@news.example.org")
_MARK = "# an example: put your own sender here"


@dataclass(frozen=True, slots=True)
class Settings:
    """What a new campaign is made with beside its article and plan.

    `sender` None: an example stands in campaign.yaml, marked as one. `catalog` holds the article's products (see
    `complete`). `sentences` and `instructs` are what knows about languages, see `Writing`. `added_safety` is the safety
    text that was put beside the article. `schemas` is the folder of the schemas as seen from the campaign's, "" for
    none: then the files do not name theirs. `outlined` is the text of an outline.yaml that is there already. `copies`
    has the pictures of the article that were copied, by their names in the folder.
    """

    id: str
    sentences: Sentences
    instructs: Instructs
    name: str = ""
    sender: Sender | None = None
    outline: Outline = field(default_factory=Outline)
    catalog: Catalog = field(default_factory=Catalog)
    source_url: str = ""
    added_safety: Source | None = None
    schemas: str = ""
    outlined: str = ""
    copies: Mapping[str, Copied] = field(default_factory=dict)


def files(article: Article, plan: Plan, settings: Settings) -> dict[str, str]:
    """Return every file of a new campaign's folder by its name; the same input gives the same bytes.

    These are campaign.yaml, the article, a safety text that was added, outline.yaml, the steps, coverage.json, and
    base.json. Of an article behind others they are the steps, and all but campaign.yaml in a folder of its own.

    Raises:
        CampaignError: a product of the article is not in the settings' catalogue.
    """
    generated = generate(article, plan, settings)
    recorded = records(article, plan, settings, generated)
    number = plan.ahead.articles + 1
    made = {} if number > 1 else {"campaign.yaml": _campaign(article, settings)}
    made[below(number, article_file(article.source))] = article.source.text
    if settings.added_safety:
        made[below(number, safety_file(settings.added_safety))] = settings.added_safety.text
    made[below(number, OUTLINE)] = recorded[OUTLINE]
    made |= {step.file: step.text for step in generated}
    return made | {below(number, name): text for name, text in recorded.items()}


def records(article: Article, plan: Plan, settings: Settings, steps: Sequence[GeneratedStep]) -> dict[str, str]:
    """Return what stands beside the steps of a plan, by its name: outline.yaml, coverage.json, base.json.

    `steps` are those of the plan, in its order. The names are those in the article's folder.
    """
    outline = replace(settings.outline, weeks=plan.weeks)
    if settings.added_safety:
        outline = replace(outline, added_safety=safety_file(settings.added_safety))
    outlined = (
        outline_text_in(settings.outlined, outline, article, OUTLINE)
        if settings.outlined
        else outline_text(outline, article, settings.schemas)
    )
    changed = list(_changed(article, plan, _writing(article, settings)))
    texts = {step.file: step.text for step in steps}
    covered = coverage(article, plan, texts, changed, settings.copies)
    return {OUTLINE: outlined, COVERAGE: covered, BASE: base_text(steps, numbers_of(article))}


def generate(article: Article, plan: Plan, settings: Settings) -> list[GeneratedStep]:
    """Return the steps of a plan, in order, as their files have them.

    Raises:
        CampaignError: a product of the article is not in the settings' catalogue.
    """
    writing = _writing(article, settings)
    return [_step(article, plan, step, writing, settings) for step in plan.steps]


def _writing(article: Article, settings: Settings) -> Writing:
    """Return what is needed to write the blocks of an article."""
    all_rewordings = {block.id: rewordings(article, block) for block in article.blocks}
    return Writing(
        format=article.source.format,
        safety_format=settings.added_safety.format if settings.added_safety else article.source.format,
        language=article.language,
        sentences=settings.sentences,
        instructs=settings.instructs,
        rewordings=all_rewordings if settings.outline.adapt == "all" else {},
        skus={block.id: _sku(block, settings.catalog) for block in article.blocks if block.kind is Kind.PRODUCT},
    )


def article_file(source: Source) -> str:
    """Return the name under which an article stands in the campaign's folder; a Word document stands there as HTML."""
    return f"article.{'html' if source.by_element else source.format}"


def safety_file(source: Source) -> str:
    """Return the name under which an added safety text stands in the campaign's folder."""
    return f"safety.{'html' if source.by_element else source.format}"


def _file_name(step: PlannedStep, ahead: Ahead) -> str:
    return f"{step.week - len(ahead.steps) + ahead.last:02}-{step.slug}.md"


def _sku(block: Block, catalog: Catalog) -> str:
    """Return the sku of the product that a block is about."""
    name = product_name(block)
    product = catalog.get(block.sku) if block.sku else find(catalog, name)
    if product is None:
        raise CampaignError(f"the catalogue has no product {name!r}")
    return product.sku


def _step(article: Article, plan: Plan, step: PlannedStep, writing: Writing, settings: Settings) -> GeneratedStep:
    """Return one step."""
    home = {plan.ahead.reminder.block: plan.ahead.told_in} if plan.ahead.reminder else {}
    home |= {block: each.slug for each in plan.steps for block in each.blocks}
    parts = [Part(Piece(PieceKind.NOTE, repeat.block), repeated(repeat, home[repeat.block])) for repeat in step.repeats]
    parts += [Part(Piece(PieceKind.BLOCK, block), written(article.block(block), writing)) for block in step.blocks]
    body = "\n\n".join(part.text for part in parts if part.text)
    links = [unit for block in article.blocks for unit in block.units if unit.kind is UnitKind.LINK_DEFINITION]
    shown = [unit for unit in links if unit.raw not in body]
    found = list(dict.fromkeys(definitions(shown, body)))
    if found:
        parts.append(Part(Piece(PieceKind.LINKS), "\n".join(found)))
    front = dump(_front_matter(step, settings.source_url))
    return GeneratedStep(step.slug, _file_name(step, plan.ahead), front, tuple(parts))


def _front_matter(step: PlannedStep, source_url: str) -> dict[str, Any]:
    """Return a step's settings. Its texts come from the article, so jinja must not read those that it would read."""
    action: dict[str, Any] = {"text": inert(one_line(step.action.text)), "kind": step.action.kind}
    if step.action.kind == "link":
        action["url"] = source_url
    said: dict[str, Any] = {
        "id": step.slug,
        "subject": inert(one_line(step.subject)),
        "preheader": inert(one_line(step.preheader)),
        "after": 0 if step.week == 1 else "1w",
        "action": action,
        "teaser": one_line(step.teaser),
    }
    return _filled(said)


def _changed(article: Article, plan: Plan, writing: Writing) -> Iterator[Change]:
    """Give what reads otherwise in the mails than in the article, in the article's order."""
    used = {block for step in plan.steps for block in step.blocks}
    for block in article.blocks:
        if block.id not in used:
            continue
        yield from changes(block, writing.rewordings.get(block.id, ()))
        head = head_of(block)
        if block.renamed:
            yield Change(block.id, "heading", fold(head.text) if head else "", block.heading)
            continue
        heading = reword(fold(head.text), writing.forms(block)) if head else ""
        if sentence_case(heading) != heading:
            yield Change(block.id, "heading-case", heading, sentence_case(heading))


def _campaign(article: Article, settings: Settings) -> str:
    """Return the text of campaign.yaml, with comments for the person who will edit it."""
    texts = phrases(article.language)
    sender = settings.sender or _EXAMPLE
    exercises = any(block.kind is Kind.EXERCISE for block in article.blocks)
    sections: Mapping[str, dict[str, Any]] = {
        "the form of this file, and the campaign's permanent id: leave both as they are": {
            "format": 1,
            "id": settings.id,
        },
        "what it is": {
            "name": one_line(settings.name or article.title),
            "kind": "drip",
            "language": article.language,
        },
        "who the mails come from": {
            "from": _filled({"name": sender.name, "email": sender.email, "reply_to": sender.reply_to}),
        },
        "the first and last words of every mail": {
            "greeting": {"with_name": texts.greeting.with_name, "without": texts.greeting.without},
            "signature": sender.name,
            "disclaimer": texts.disclaimer if exercises else "",
        },
        "where the article stands on the web": {"source_url": settings.source_url},
        "the look: a folder under templates/email/": {"theme": "weekly"},
        "who gets it, and when: 09:00 is the reader's own time": {
            "audience": "all",
            "schedule": {"days": ["tue"], "at": "09:00"},
        },
    }
    text = modeline("campaign", settings.schemas) if settings.schemas else ""
    text += "# One campaign. Its mails are the numbered files beside this one, in the order of their names.\n"
    for comment, values in sections.items():
        if _filled(values):
            text += f"\n# {comment}\n{dump(_filled(values))}"
    return text if settings.sender else text.replace("\nfrom:\n", f"\nfrom:  {_MARK}\n", 1)


def _filled(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the settings that have a value: an empty one says nothing."""
    return {key: value for key, value in values.items() if value != ""}
