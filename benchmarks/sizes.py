"""How heavy the HTML of every theme's mails gets, each mail at the person it is longest for.

Gmail cuts a mail at 102,400 bytes; the limit here leaves room for what a provider adds. The article is the sample's,
and those given: `python -m benchmarks sizes [ARTICLE ...]`.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

from backmail import campaign as campaigns
from backmail.config import find_project
from backmail.desk import new
from backmail.desk.render import Renderer, people_of
from backmail.model.campaign import Campaign
from backmail.rendering.theme import themes
from benchmarks.measure import empty_project

LIMIT = 90_000


def main(articles: list[Path]) -> None:
    """Measure and print."""
    print("\nBytes of HTML of each theme's mails, at the person each is longest for")
    print(f"  {'theme':<10} {'article':<22} {'mails':>5} {'longest':>9} {'median':>9}  heaviest mail, person")
    worst = 0
    with empty_project() as folder:
        project = find_project(folder, environ={})
        for article in [folder / "article.txt", *articles]:
            made = new.new(article, project, new.Wishes(slug=f"{article.resolve().parent.name}-{article.stem}"))
            campaign = campaigns.read(made.folder, project=project)
            for theme in themes():
                sizes = heaviest(replace(campaign, theme=theme), Renderer(project, replace(campaign, theme=theme)))
                longest, step, person = max(sizes)
                worst = max(worst, longest)
                middle = sorted(sizes)[len(sizes) // 2][0]
                name = f"{theme:<10} {article.name[:22]:<22} {len(sizes):>5} {longest:>9,} {middle:>9,}"
                print(f"  {name}  {step}, {person}")
    print(f"  the heaviest is {worst:,} bytes; wanted: fewer than {LIMIT:,}")


def heaviest(campaign: Campaign, renderer: Renderer) -> list[tuple[int, str, str]]:
    """Return for each step its most bytes, its id, and who gets so many."""
    people = people_of(renderer.project)
    found = []
    for step in campaign.steps:
        sizes = [(len(renderer.message(step, each).part("html").encode()), step.id, each.name) for each in people]
        found.append(max(sizes))
    return found


if __name__ == "__main__":
    main([Path(name).resolve() for name in sys.argv[1:]])
