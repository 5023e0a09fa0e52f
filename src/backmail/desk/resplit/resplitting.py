"""`backmail resplit`: the plan is made anew, and merged with what the marketer made of the mails since."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from backmail import article as articles
from backmail import campaign as campaigns
from backmail.campaign import Outline
from backmail.campaign.base import FILE as BASE
from backmail.campaign.base import GeneratedStep, read_base
from backmail.campaign.chapters import below, home_of, record_folders
from backmail.campaign.coverage import FILE as COVERAGE
from backmail.campaign.coverage import digest, written_of
from backmail.campaign.files import article_file, generate
from backmail.campaign.merge import marked_lines
from backmail.campaign.parts import as_it_stands
from backmail.config import Project
from backmail.desk import into, new, saving, steps, together, workshop
from backmail.desk import outline as outlines
from backmail.desk.given import Given, given
from backmail.desk.images import FOLDER, copies
from backmail.desk.reached import Reached, reached
from backmail.desk.resplit import telling
from backmail.desk.resplit.merging import weave
from backmail.desk.resplit.planning import Standpoint, plans
from backmail.desk.resplit.rewriting import Rewriting, Standing
from backmail.desk.summary import counted
from backmail.errors import BackmailError, CampaignError, Fault, Place
from backmail.model.campaign import Campaign, Copied
from backmail.yamlfile import read_text, settings_of

__all__ = ["Merged", "as_generated", "resplit"]


@dataclass(frozen=True, slots=True)
class Merged:
    """What a merge does.

    Attributes:
        folder: the campaign's.
        mails: how many there are afterwards.
        changed: the steps that are touched.
        conflicts: where both sides changed the same, marked in the files.
        people: whom it meets, in words.
        notes: what else a person should know.
        texts: the files that are written, by their names; `without`: those that are taken away.
        pictures: those of an article that was given, by their names.
    """

    folder: Path
    mails: int
    changed: tuple[telling.Changed, ...]
    conflicts: tuple[Place, ...]
    people: tuple[str, ...]
    notes: tuple[str, ...]
    texts: Mapping[str, str]
    without: tuple[str, ...]
    pictures: Mapping[str, bytes] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Wish:
    """What is asked for one article of a campaign: `of` is its number; the rest as `resplit` has it."""

    of: int = 1
    article: Path | None = None
    weeks: int | None = None
    outline: Outline | None = None


def resplit(
    name: str,
    project: Project,
    *,
    of: int | None = None,
    article: Path | None = None,
    weeks: int | None = None,
    outline: Outline | None = None,
    dry: bool = False,
) -> Merged:
    """Make the plan of a campaign anew, and merge it with the mails as they stand: all files are written, or none.

    Args:
        name: the campaign's, or its folder.
        project: where it stands.
        of: the number of the article, from 1, that `article`, `weeks` and `outline` are about; None where the campaign
            has one alone.
        article: an article that takes the place of the folder's; None where that one was changed, or its overrides.
        weeks: how many mails, None for as many as there are.
        outline: what is decided, None for what outline.yaml says.
        dry: only say what would be done.

    Raises:
        InputError: something cannot be read or merged, or conflicts of the merge before are still marked; there is no
            such article, or several that it may be about.
        PlanRefused, SafetyStop: there is no such plan. Nothing is changed by any of these.
        OSError: a file is read-only or the disk is full; see `together.put_all`.
    """
    folder = campaigns.folder_of(name, project)
    together.finish(folder)
    campaign = steps.listed(name, project)
    with saving.alone(folder):
        wish = _Wish(_which(campaign, of, asked=bool(article or weeks)), article, weeks, outline)
        made, completed = _merged(campaign, project, wish)
        if not dry and (made.texts or made.without):
            new.put_catalog(completed, project.catalog)
            for name, data in made.pictures.items():  # under new names, so that nothing shows them before all is there
                (folder / name).parent.mkdir(exist_ok=True)
                saving.put(folder / name, data)
            together.put_all(folder, made.texts, made.without)
    return made


def as_generated(campaign: Campaign, project: Project, of: int = 1, outline: Outline | None = None) -> dict[str, str]:
    """Return the step files of a campaign by their names, as they would be if nobody had edited or got one.

    Args:
        campaign: which.
        project: what it belongs to.
        of: the number of an article, from 1.
        outline: what is decided about that article, None for what its outline.yaml says.

    Raises:
        InputError: something cannot be read, or nobody knows how the mails were written.
        PlanRefused, SafetyStop: there is no such plan.
    """
    bases = [_base(campaign, project, number) for number in range(1, len(campaign.articles) + 1)]
    ours = {step.id: Standing(step.id, step.file, step.text) for base in bases for step in base}
    return _Workshop(campaign, project, _Wish(of, outline=outline)).rewriting(bases, ours, Reached()).files()[0]


def _which(campaign: Campaign, of: int | None, *, asked: bool) -> int:
    """Return the number of the article that something is about.

    Raises:
        CampaignError: the campaign has none, or none of that number; or it has several and it was not said which.
    """
    if not campaign.articles:
        raise CampaignError(Fault("this campaign was not made from an article", Place(str(campaign.folder))))
    if of is None and asked and campaign.added:
        message = f"this series is made from {len(campaign.articles)} articles: say which of them this is about"
        raise CampaignError(Fault(message, Place(str(campaign.folder)), outlines.numbers_hint(campaign)))
    return outlines.there(campaign, of or 1)


class _Workshop:
    """A campaign, and what its plans are made anew with."""

    def __init__(self, campaign: Campaign, project: Project, wish: _Wish) -> None:
        """Read all articles and what was decided about them."""
        self.campaign = campaign
        self._project, self._wish = project, wish
        home = campaign.folder / home_of(wish.of)
        outline = wish.outline or campaigns.read_outline(home)
        outline = replace(outline, weeks=wish.weeks or outline.weeks)
        files = {wish.of: wish.article} if wish.article else {}
        self.articles = list(workshop.articles_of(campaign, project, outlines={wish.of: outline}, files=files))
        self.pictures = self._placed(home, wish.article) if wish.article else _Pictures()
        self.completed, catalog = new.stocked(self.articles, project)
        self.settings = [
            replace(new.settings_of(campaign, project, each.outline, number), catalog=catalog)
            for number, each in enumerate(self.articles, 1)
        ]
        mine = self.settings[wish.of - 1]
        self.settings[wish.of - 1] = replace(mine, copies={**mine.copies, **self.pictures.copies})

    def _placed(self, home: Path, file: Path) -> _Pictures:
        """Return the pictures of the article that is given, and let it know where they will stand."""
        at = self._wish.of - 1
        pictures = _pictured(self.campaign.folder, home, self.articles[at], given(file))
        article = articles.placed(self.articles[at].article, pictures.places)
        self.articles[at] = replace(self.articles[at], article=article)
        return pictures

    def rewriting(
        self, bases: Sequence[Sequence[GeneratedStep]], ours: Mapping[str, Standing], far: Reached
    ) -> Rewriting:
        """Return what is written of the mails `ours`, which were generated last as `bases` (of each article) say."""
        standpoint = Standpoint(self.campaign, bases, far.sent)
        made = plans(self.articles, self.settings, standpoint)
        theirs = [step for each in made for step in each.steps]
        woven = weave(standpoint.base, {id_: each.body for id_, each in ours.items()}, list(ours), theirs)
        return Rewriting(ours, {step.id: step for step in standpoint.base}, made, woven, far)

    def put(self, texts: dict[str, str], without: list[str]) -> None:
        """Put the article that is given among the files that are written."""
        if self._wish.article:
            source = self.articles[self._wish.of - 1].article.source
            name = below(self._wish.of, article_file(source))
            former = self.campaign.articles[self._wish.of - 1]
            texts[name] = source.text
            without += [former] if former != name else []


def _merged(campaign: Campaign, project: Project, wish: _Wish) -> tuple[Merged, str]:
    """Return what a merge does, and the text of catalog.yaml with it; nothing is written."""
    ours = {step.id: Standing(step.id, step.file, _raw(campaign.folder / step.file)) for step in campaign.steps}
    _decided(campaign.folder, ours.values())
    bases = [_base(campaign, project, number) for number in range(1, len(campaign.articles) + 1)]
    made = _Workshop(campaign, project, wish)
    rewriting = made.rewriting(bases, ours, reached(project, campaign.id))
    texts, without = rewriting.files()
    texts |= rewriting.recorded(made.settings)
    made.put(texts, without)
    campaigns.read(campaign.folder, project=project, instead={**texts, **dict.fromkeys(without)})  # that it can be
    done = _done(campaign, rewriting, texts, without)
    return replace(done, pictures=made.pictures.files, notes=(*done.notes, *made.pictures.notes)), made.completed


@dataclass(frozen=True, slots=True)
class _Pictures:
    """The pictures of an article that is given: where each stands, what is kept of it, the files that are new."""

    places: Mapping[str, str] = field(default_factory=dict)
    copies: Mapping[str, Copied] = field(default_factory=dict)
    files: Mapping[str, bytes] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


def _pictured(folder: Path, home: Path, understood: workshop.Understood, it: Given) -> _Pictures:
    """Return the pictures of an article that is given: one that stands in the folder already keeps its name.

    `home` is the folder of the records of the article that it takes the place of.
    """
    there = {path.relative_to(folder).as_posix(): path.read_bytes() for path in _files_in(folder / FOLDER)}
    before = campaigns.places(home)
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
    standing = {name: _raw(path) for name in texts if (path := campaign.folder / name).is_file()}
    return Merged(
        campaign.folder,
        len(rewriting.steps),
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


def _base(campaign: Campaign, project: Project, number: int) -> Sequence[GeneratedStep]:
    """Return the steps of an article as backmail generated them last.

    Where base.json is gone, the hashes in coverage.json say whether what is generated from the article now is what was
    generated then.

    Raises:
        CampaignError: nobody can tell what the marketer changed, or base.json is of other mails; says in which files.
    """
    home = campaign.folder / home_of(number)
    hashes = written_of(home) or {}
    kept = read_base(home)
    if kept is not None:
        _see_that_it_is_theirs(kept, hashes, campaign, home)
        return kept
    try:
        again = [step for step in _again(campaign, project, number) if hashes.get(step.file) == digest(_bytes(step))]
    except BackmailError:
        again = []
    if hashes and len(again) == len(hashes):
        return again
    of_others = {file for each in record_folders(campaign.folder) if each != home for file in written_of(each) or {}}
    its = [step for step in campaign.steps if step.file not in of_others]
    texts = {step.file: _raw(campaign.folder / step.file) for step in its}
    edited = [file for file, text in texts.items() if hashes.get(file) != digest(text.encode("utf-8"))]
    gone = [file for file in hashes if file not in texts]
    if edited or gone or not hashes:
        raise CampaignError(list(_not_known(campaign.folder, edited or gone or [below(number, COVERAGE)], number)))
    return [as_it_stands(step.id, step.file, settings_of(texts[step.file])[1], step.body.strip("\n")) for step in its]


def _bytes(step: GeneratedStep) -> bytes:
    return step.text.encode("utf-8")


def _again(campaign: Campaign, project: Project, number: int) -> Sequence[GeneratedStep]:
    """Return the steps of an article as they are generated from it behind the mails that stand ahead."""
    articles = workshop.articles_of(campaign, project)
    understood = articles[number - 1]
    if number > 1:
        homes = list(record_folders(campaign.folder))[number - 1 :]
        behind = {file for home in homes for file in written_of(home) or {}}
        there = tuple(step for step in campaign.steps if step.file not in behind)
        ahead = into.ahead_of(replace(campaign, steps=there), articles[: number - 1])
        understood = replace(understood, ahead=ahead)
    _, catalog = new.stocked(articles, project)
    settings = replace(new.settings_of(campaign, project, understood.outline, number), catalog=catalog)
    return generate(understood.article, understood.plan(campaign.source_url), settings)


def _see_that_it_is_theirs(
    kept: Sequence[GeneratedStep], hashes: Mapping[str, str], campaign: Campaign, home: Path
) -> None:
    """See that base.json is of the mails beside it: else each of them would be taken for one that was never there.

    Raises:
        CampaignError: it is of other mails.
    """
    known = {step.file: digest(_bytes(step)) for step in kept}
    ours = bool({step.id for step in kept} & {step.id for step in campaign.steps})
    if (hashes and known != hashes) or (campaign.steps and not ours):
        message = "backmail did not write this of the mails beside it: what they were before your edits is not known"
        place = Place(str(home / BASE))
        hint = f"take {BASE} and {COVERAGE} back from your version control, both as they were at one time"
        raise CampaignError(Fault(message, place, hint))


def _not_known(folder: Path, files: Sequence[str], number: int) -> Iterator[Fault]:
    base = below(number, BASE)
    for file in files:
        message = f"this mail was edited, and what it was before is not known: {base} is gone"
        hint = (
            f"take {base} back from your version control; without it, put the article and outline.yaml back as they "
            "were, and give the new article with --article"
        )
        yield Fault(message, Place(str(folder / file)), hint)


def _conflicts(folder: Path, texts: Mapping[str, str]) -> Iterator[Place]:
    for file, text in texts.items():
        if file.endswith(".md") and campaigns.is_step(file):
            yield from (Place(str(folder / file), line + 1) for line, sign in marked_lines(text) if sign == "<")
