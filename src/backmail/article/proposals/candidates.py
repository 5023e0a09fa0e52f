"""All wordings that would do for a step's subject, preheader, teaser and action, the best first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from backmail.article.proposals.naming import clip, opening, short_forms
from backmail.article.proposals.scenes import Scene, Series, Shape
from backmail.model.plan import ProposedAction

_SHORT_HEADING = 13  # characters: "Ingredients" alone says too little in an inbox
_SHORT_WORD = 18  # of a single word: "Instructions", "Zubereitung"
_MOST = 50
_MOST_DOSES = 4  # a preheader is skimmed


def rotated(said: Sequence[str], turn: int) -> list[str]:
    """Return the wordings beginning with another one each turn."""
    cut = turn % len(said) if said else 0
    return [*said[cut:], *said[:cut]]


def subjects(scene: Scene, shared: Series, turn: int) -> Iterator[str]:
    """Yield subjects for a step; `turn` is the number of earlier steps of its shape."""
    say = shared.wording.say
    if scene.shape is Shape.SAFETY:
        yield from _safety_subjects(scene, shared)
    elif scene.shape is Shape.EXERCISES:
        yield from _exercise_subjects(scene, shared, turn)
    if scene.week == 1 and shared.article.title and not shared.article.title_guessed:
        yield from (opening(title) for title in (shared.article.title, clip(shared.article.title, _MOST)))
    yield from _heading_subjects(scene, shared)
    yield from (opening(question) for question in scene.questions)
    if scene.closing or scene.sources:
        yield from (opening(text) for text in say("subject.closing", topic=shared.topic))
    if scene.shape is Shape.QUESTIONS:
        count = len(scene.questions) if len(scene.questions) > 1 else 0
        yield from (opening(text) for text in say("subject.questions", topic=shared.topic, n=count or ""))
    for number in range(2, shared.weeks + 1):
        yield from (opening(text) for text in say("subject.continued", heading=scene.continued, n=number))
    yield from (line.rstrip(".") for line in scene.lines)
    if not (scene.headings or scene.exercises or scene.questions):
        yield from _phrase_subjects(scene, shared)
    yield from (opening(clip(named, _MOST)) for named in (*scene.headings, *scene.exercises))
    yield from (line.rstrip(".") for line in (*scene.sentences, *scene.others))
    yield from _phrase_subjects(scene, shared)
    if shared.weeks == 1:
        yield opening(clip(scene.start, _MOST))
    yield from (opening(text) for text in say("subject.numbered", topic=shared.topic, **shared.numbered(scene)))


def _safety_subjects(scene: Scene, shared: Series) -> Iterator[str]:
    if shared.has_exercises:
        yield from shared.wording.say("subject.before_exercise")
    for heading in scene.safety:
        yield from (opening(text) for text in shared.wording.say("subject.safety", heading=heading))
    yield from shared.wording.say("subject.safety")


def _exercise_subjects(scene: Scene, shared: Series, turn: int) -> Iterator[str]:
    wording, names = shared.wording, scene.exercises
    key = "subject.exercise" if len(names) == 1 else "subject.exercises"
    forms = [wording.join(form) for form in short_forms(names, wording)]
    wordings = [wording.say(key, names=form, n=len(names), adjective=scene.adjective) for form in forms if form]
    for same in zip(*[rotated(each, turn) for each in wordings], strict=True):
        yield from (opening(text) for text in same)
    if len(names) > 1:
        rest = len(names) - 1
        more = "subject.one_more" if rest == 1 else "subject.many_more"
        for name in (name for form in short_forms(names, wording) for name in form):
            said = wording.say(more, first=name, count=wording.count(rest), n=len(names))
            yield from (opening(text) for text in said)


def _heading_subjects(scene: Scene, shared: Series) -> Iterator[str]:
    say, headings = shared.wording.say, scene.headings
    if len(headings) == 2:
        yield from (opening(text) for text in say("subject.pair", first=_bare(headings[0]), second=headings[1]))
    for heading in headings:
        says_little = len(heading) < _SHORT_HEADING or (" " not in heading and len(heading) < _SHORT_WORD)
        if says_little:
            yield from (opening(text) for text in say("subject.about", topic=shared.topic, heading=heading))
            yield from (opening(line.rstrip(".")) for line in scene.sentences)
        yield opening(heading)


def _phrase_subjects(scene: Scene, shared: Series) -> Iterator[str]:
    say, phrases = shared.wording.say, scene.phrases
    if len(phrases) == 2:
        yield from (opening(text) for text in say("subject.pair", first=phrases[0], second=phrases[1]))
    for phrase in phrases:
        yield from (opening(text) for text in say("subject.about", topic=shared.topic, heading=phrase))
    yield from (opening(phrase) for phrase in phrases)


def _bare(heading: str) -> str:
    """Return a heading without its question or exclamation marks, which would end the sentence that it stands in."""
    return heading.strip("?!¿¡ ")


def inside(scene: Scene, shared: Series, subject: str) -> list[str]:
    """Return what is in a step, part by part, as words inside a sentence, without what the subject says already."""
    wording = shared.wording
    said = subject.casefold()
    parts = [bare for heading in scene.headings if (bare := _bare(heading)).casefold() not in said]
    has_heading = bool(parts)
    if scene.exercises:
        named = all(name.casefold() in said for name in short_forms(scene.exercises, wording)[-1])
        key = "inside.one_exercise" if len(scene.exercises) == 1 else "inside.each_exercise"
        parts += ([] if named else [wording.join(scene.exercises)]) + ([] if has_heading else [wording.one(key)])
    asked = [question for question in scene.questions if question.casefold() not in said]
    if len(asked) < len(scene.questions):
        parts.append(wording.one("inside.answer"))
    if asked:
        parts.append(
            wording.one(
                "inside.one_question" if len(asked) == 1 else "inside.questions", count=wording.count(len(asked))
            )
        )
    parts += [wording.one("inside.closing")] * scene.closing + [wording.one("inside.sources")] * scene.sources
    return parts


def preheaders(scene: Scene, shared: Series, subject: str) -> Iterator[str]:
    """Yield preheaders for a step that has this subject."""
    wording = shared.wording
    minutes = _minutes(scene, shared)
    parts = inside(scene, shared, subject)
    listed = [wording.join(parts[:end]) for end in range(len(parts), 0, -1)]
    if scene.shape is not Shape.SAFETY:
        yield from scene.sentences
    if scene.shape is Shape.EXERCISES and len(scene.doses) > 1:
        yield opening(wording.join([wording.one(f"inside.{dose}") for dose in scene.doses[:_MOST_DOSES]])) + "."
    if sum(part in map(_bare, scene.headings) for part in parts) > 1:
        for some in listed:
            yield from wording.say("preheader.plain", Inside=opening(some))
    if scene.shape in (Shape.HOW_TO, Shape.QUESTIONS, Shape.PLAIN):
        for question in scene.questions:
            yield from wording.say("preheader.question", question=question)
    if scene.shape is Shape.LAST:
        for some in listed:
            yield from wording.say("preheader.last", Inside=opening(some), minutes=minutes)
    if scene.shape is Shape.FIRST:
        yield from scene.lines
    for some in listed:
        yield from wording.say("preheader.plain", Inside=opening(some), inside=some, minutes=minutes)
    if scene.week == 1:
        yield from wording.say("preheader.first", topic=shared.topic, minutes=minutes)
    yield from scene.lines
    yield from scene.others
    yield from wording.say("preheader.numbered", **shared.numbered(scene), topic=shared.topic, minutes=minutes)


def teasers(scene: Scene, shared: Series, subject: str, turn: int) -> Iterator[str]:
    """Yield teasers: one sentence about the step, for the mail before it."""
    wording = shared.wording
    names, heading = wording.join(scene.exercises), wording.join([_bare(each) for each in scene.safety])
    slots = {"names": names, "heading": heading, "adjective": scene.adjective, "minutes": _minutes(scene, shared)}
    if scene.shape is Shape.SAFETY and subject in wording.say("subject.before_exercise"):
        yield from wording.say("teaser.before_exercise", **slots)
    if scene.shape is Shape.EXERCISES and scene.exercises:
        count = wording.count(len(scene.exercises))
        key = "teaser.exercise" if len(scene.exercises) == 1 else "teaser.exercises"
        yield from rotated(wording.say(key, **slots, Names=opening(names), count=count, Count=opening(count)), turn)
    parts = inside(scene, shared, "")
    for end in range(len(parts), 0, -1):
        some = wording.join(parts[:end])
        yield from wording.say("teaser.plain", Inside=opening(some), minutes=slots["minutes"])
    yield from wording.say("teaser.plain", **shared.numbered(scene), minutes=slots["minutes"])


def action(scene: Scene, shared: Series, source_url: str) -> ProposedAction:
    """Return the one action of a step.

    Exercises and how-tos go into the calendar, safety offers to answer, the end links to the article.
    """
    exercises = len(scene.exercises)
    is_last = scene.week == shared.weeks
    if exercises or scene.shape is Shape.EXERCISES:
        key = "one" if exercises < 2 else "both" if exercises == 2 else "all"
    elif scene.shape is Shape.SAFETY:
        key = "safety"
    elif scene.shape is Shape.HOW_TO:
        key = "how_to"
    elif is_last:
        key = "link" if source_url else "end"
    else:
        key = "read"
    kind, text = shared.wording.say(f"action.{key}", count=exercises)
    return ProposedAction(text, kind)


def _minutes(scene: Scene, shared: Series) -> str:
    wording = shared.wording
    return wording.one("minutes.one" if scene.minutes == 1 else "minutes.many", count=wording.count(scene.minutes))
