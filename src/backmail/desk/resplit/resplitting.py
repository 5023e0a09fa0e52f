"""`backmail resplit`: the plan is made anew, and merged with what the marketer made of the mails since."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from backmail import article as articles
from backmail import campaign as campaigns
from backmail.campaign import Outline
from backmail.campaign.base import FILE as BASE
from backmail.campaign.base import GeneratedStep, read_base, read_numbers, steps_of
from backmail.campaign.coverage import FILE as COVERAGE
from backmail.campaign.coverage import digest, written
from backmail.campaign.files import article_file
from backmail.campaign.merge import marked_lines
from backmail.campaign.outline import FILE as OUTLINE
from backmail.campaign.parts import as_it_stands
from backmail.config import Project
from backmail.desk import new, saving, steps, together, workshop
from backmail.desk.given import Given, given
from backmail.desk.images import FOLDER, copies
from backmail.desk.lexicons import own
from backmail.desk.reached import reached
from backmail.desk.resplit import telling
from backmail.desk.resplit.merging import weave
from backmail.desk.resplit.pinning import replanned
from backmail.desk.resplit.rewriting import Rewriting, Standing
from backmail.desk.summary import counted
from backmail.errors import BackmailError, CampaignError, Fault, Place
from backmail.model.campaign import Campaign, Copied
from backmail.model.plan import Plan
from backmail.yamlfile import read_text, settings_of

__all__ = ["Merged", "resplit"]


@dataclass(frozen=True, slots=True)
class Merged:
    """What a merge does.

    Attributes:
        folder: the campaign's.
        plan: the new plan.
        changed: the steps that are touched.
        conflicts: where both sides changed the same, marked in the files.
        people: whom it meets, in words.
        notes: what else a person should know.
        texts: the files that are written, by their names; `without`: those that are taken away.
        pictures: those of an article that was given, by their names.
    """

    folder: Path
    plan: Plan
    changed: tuple[telling.Changed, ...]
    conflicts: tuple[Place, ...]
    people: tuple[str, ...]
    notes: tuple[str, ...]
    texts: Mapping[str, str]
    without: tuple[str, ...]
    pictures: Mapping[str, bytes] = field(default_factory=dict)


def resplit(
    name: str,
    project: Project,
    *,
    article: Path | None = None,
    weeks: int | None = None,
    outline: Outline | None = None,
    dry: bool = False,
) -> Merged:
    """Make the plan of a campaign anew, and merge it with the mails as they stand: all files are written, or none.

    Args:
        name: the campaign's, or its folder.
        project: where it stands.
        article: an article that takes the place of the folder's; None where that one was changed, or its overrides.
        weeks: how many mails, None for as many as there are.
        outline: what is decided, None for what outline.yaml says.
        dry: only say what would be done.

    Raises:
        InputError: something cannot be read or merged, or conflicts of the merge before are still marked.
        PlanRefused, SafetyStop: there is no such plan. Nothing is changed by any of these.
        OSError: a file is read-only or the disk is full; see `together.put_all`.
    """
    folder = campaigns.folder_of(name, project)
    together.finish(folder)
    campaign = steps.listed(name, project)
    with saving.alone(folder):
        made, completed = _merged(campaign, project, article, weeks, outline)
        if not dry and (made.texts or made.without):
            new.put_catalog(completed, project.catalog)
            for name, data in made.pictures.items():  # under new names, so that nothing shows them before all is there
                (folder / name).parent.mkdir(exist_ok=True)
                saving.put(folder / name, data)
            together.put_all(folder, made.texts, made.without)
    return made


def _merged(
    campaign: Campaign, project: Project, article: Path | None, weeks: int | None, outline: Outline | None
) -> tuple[Merged, str]:
    """Return what a merge does, and the text of catalog.yaml with it; nothing is written."""
    new.of_one_article(campaign)
    ours = {step.id: Standing(step.id, step.file, _raw(campaign.folder / step.file)) for step in campaign.steps}
    _decided(campaign.folder, ours.values())
    base = _base(campaign, project)
    source = workshop.article_in(campaign, article or campaign.folder / campaign.article)
    outline = outline or campaigns.read_outline(campaign.folder)
    added = workshop.added_safety(campaign.folder, outline)
    outline = replace(outline, weeks=weeks or outline.weeks)
    understood = workshop.understand(
        source,
        outline,
        workshop.catalog_of(project),
        added,
        lexicons=own(project),
        home=str(campaign.folder / OUTLINE),
        campaign=campaign.slug,
    )
    settings = new.settings_of(campaign, project, understood.outline)
    pictures = _Pictures()
    if article:
        pictures = _pictured(campaign.folder, understood, given(article))
        understood = replace(understood, article=articles.placed(understood.article, pictures.places))
    completed, catalog = new.stocked(understood, project)
    settings = replace(settings, catalog=catalog, copies={**settings.copies, **pictures.copies})
    far = reached(project, campaign.id)
    taken = {*ours, *(step.id for step in base)}
    again = replanned(
        understood,
        base,
        settings,
        sent=far.sent,
        taken=taken,
        numbers=read_numbers(campaign.folder),
        source_url=campaign.source_url,
    )
    woven = weave(base, {id_: each.body for id_, each in ours.items()}, list(ours), again.steps)
    rewriting = Rewriting(ours, {step.id: step for step in base}, again, woven, far)
    texts, without = rewriting.files()
    texts |= rewriting.recorded(settings)
    if article:
        texts[article_file(source)] = source.text
        without += [campaign.article] if article_file(source) != campaign.article else []
    campaigns.read(campaign.folder, project=project, instead={**texts, **dict.fromkeys(without)})  # that it can be
    done = _done(campaign, rewriting, texts, without)
    return replace(done, pictures=pictures.files, notes=(*done.notes, *pictures.notes)), completed


@dataclass(frozen=True, slots=True)
class _Pictures:
    """The pictures of an article that is given: where each stands, what is kept of it, the files that are new."""

    places: Mapping[str, str] = field(default_factory=dict)
    copies: Mapping[str, Copied] = field(default_factory=dict)
    files: Mapping[str, bytes] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


def _pictured(folder: Path, understood: workshop.Understood, it: Given) -> _Pictures:
    """Return the pictures of an article that is given: one that stands in the folder already keeps its name."""
    there = {path.relative_to(folder).as_posix(): path.read_bytes() for path in _files_in(folder / FOLDER)}
    before = campaigns.places(folder)
    article = articles.understand(it.source, language=understood.article.language)  # its pictures' own addresses
    copied = copies(article, it.opens, there)
    same = {name: next((old for old in there if there[old] == data), name) for name, data in copied.files.items()}
    places = {source: same.get(place, place) for source, place in copied.article.source.places.items()}
    files = {name: data for name, data in copied.files.items() if same[name] == name}
    notes = [f"{counted(len(files), 'picture')} copied into {FOLDER}/"] if files else []
    return _Pictures(
        {**before, **places},
        {same[name]: each for name, each in copied.records(it.on_the_web).items()},
        files,
        (*notes, *copied.faults),
    )


def _files_in(folder: Path) -> Iterator[Path]:
    return (path for path in sorted(folder.glob("*")) if path.is_file())


def _done(campaign: Campaign, rewriting: Rewriting, texts: Mapping[str, str], without: Sequence[str]) -> Merged:
    standing = {path.name: _raw(path) for path in campaign.folder.iterdir() if path.name in texts}
    return Merged(
        campaign.folder,
        rewriting.again.plan,
        tuple(telling.changed(rewriting)),
        tuple(_conflicts(campaign.folder, texts)),
        tuple(telling.people(rewriting)),
        tuple(telling.notes(rewriting)),
        {name: text for name, text in texts.items() if standing.get(name) != text},
        tuple(without),
    )


def _raw(path: Path) -> str:
    read_text(path)  # says in plain words why it cannot be read
    return path.read_bytes().decode("utf-8")


def _decided(folder: Path, ours: Iterable[Standing]) -> None:
    """See that no conflict of a merge before is left.

    Raises:
        CampaignError: one is, or several.
    """
    faults = []
    for each in ours:
        for line, sign in marked_lines(each.raw):
            if sign == "<":
                place = Place(str(folder / each.file), line + 1)
                hint = "keep one side, or something of both, and delete the three lines with the signs"
                faults.append(Fault("a conflict of the merge before is not decided yet", place, hint))
    if faults:
        raise CampaignError(faults)


def _base(campaign: Campaign, project: Project) -> Sequence[GeneratedStep]:
    """Return the steps as backmail generated them last.

    Where base.json is gone, the hashes in coverage.json say whether what is generated from the article now is what was
    generated then.

    Raises:
        CampaignError: nobody can tell what the marketer changed, or base.json is of other mails; says in which files.
    """
    hashes = written(campaign.folder) or {}
    kept = read_base(campaign.folder)
    if kept is not None:
        _see_that_it_is_theirs(kept, hashes, campaign)
        return kept
    try:
        made = new.anew(workshop.article_of(campaign, project), campaign, project).files
        again = [step for step in steps_of(made[BASE]) if hashes.get(step.file) == digest(step.text.encode())]
    except BackmailError:
        again = []
    if hashes and len(again) == len(hashes):
        return again
    texts = {step.file: _raw(campaign.folder / step.file) for step in campaign.steps}
    edited = [file for file, text in texts.items() if hashes.get(file) != digest(text.encode("utf-8"))]
    gone = [file for file in hashes if file not in texts]
    if edited or gone or not hashes:
        raise CampaignError(list(_not_known(campaign.folder, edited or gone or [COVERAGE])))
    return [
        as_it_stands(step.id, step.file, settings_of(texts[step.file])[1], step.body.strip("\n"))
        for step in campaign.steps
    ]


def _see_that_it_is_theirs(kept: Sequence[GeneratedStep], hashes: Mapping[str, str], campaign: Campaign) -> None:
    """See that base.json is of the mails beside it: else each of them would be taken for one that was never there.

    Raises:
        CampaignError: it is of other mails.
    """
    known = {step.file: digest(step.text.encode()) for step in kept}
    ours = bool({step.id for step in kept} & {step.id for step in campaign.steps})
    if (hashes and known != hashes) or (campaign.steps and not ours):
        message = "backmail did not write this of the mails beside it: what they were before your edits is not known"
        place = Place(str(campaign.folder / BASE))
        hint = f"take {BASE} and {COVERAGE} back from your version control, both as they were at one time"
        raise CampaignError(Fault(message, place, hint))


def _not_known(folder: Path, files: Sequence[str]) -> Iterator[Fault]:
    for file in files:
        message = f"this mail was edited, and what it was before is not known: {BASE} is gone"
        hint = (
            f"take {BASE} back from your version control; without it, put the article and outline.yaml back as they "
            "were, and give the new article with --article"
        )
        yield Fault(message, Place(str(folder / file)), hint)


def _conflicts(folder: Path, texts: Mapping[str, str]) -> Iterator[Place]:
    for file, text in texts.items():
        if file.endswith(".md") and campaigns.is_step(file):
            yield from (Place(str(folder / file), line + 1) for line, sign in marked_lines(text) if sign == "<")
