"""How long composing all steps of the sample takes when nothing is cached, beside other ways to inline the same HTML.

Composing is jinja, Markdown, the theme, inlining and the text part. The peers get the HTML as it stands before inlining
and do nothing but inline it: premailer as it comes (which backmail uses with other settings), and css-inline (Rust).

Then a series of twelve mails in a process that has only just begun, imports included.
"""

import statistics
import subprocess
import sys
import time
from dataclasses import replace
from unittest import mock

from backmail import rendering
from backmail.rendering import inline
from benchmarks.measure import interleaved, table
from benchmarks.studio import Studio


def documents(studio: Studio) -> list[str]:
    """Return the HTML of each step before inlining."""
    caught: list[str] = []

    def catch(html: str) -> str:
        caught.append(html)
        return inlined(html)

    inlined = inline.inlined
    with mock.patch.object(inline, "inlined", catch):
        compose(studio)
    return caught


def compose(studio: Studio) -> None:
    """Compose every step anew for one reader."""
    variants = rendering.Variants(studio.setting)
    for step in studio.steps:
        variants.of(step, studio.reader(step))


LONG = 12
TURNS = 3


def long_series() -> None:
    """Compose twelve steps, those of the sample over again, and print how many seconds that took."""
    studio = Studio()
    again = tuple(replace(step, id=f"{step.id}-again") for step in studio.steps)
    campaign = replace(studio.setting.campaign, steps=(*studio.steps, *again)[:LONG])
    studio.setting = replace(studio.setting, campaign=campaign)
    start = time.perf_counter()
    compose(studio)
    print(time.perf_counter() - start)


def in_new_processes() -> list[float]:
    """Return the seconds of several processes that compose the long series."""
    command = [sys.executable, "-c", "from benchmarks.compose import long_series; long_series()"]
    runs = (subprocess.run(command, capture_output=True, text=True, check=True) for _ in range(TURNS))
    return [float(run.stdout) for run in runs]


def main() -> None:
    """Measure and print."""
    import css_inline
    import premailer.cache

    studio = Studio()
    pages = documents(studio)

    def default_premailer() -> None:
        premailer.cache.cache.clear()
        for page in pages:
            premailer.transform(page, cssutils_logging_level=50)

    seconds = interleaved(
        {
            "premailer, default settings": default_premailer,
            "css-inline": lambda: [css_inline.inline(page) for page in pages],
            "backmail compose": lambda: compose(studio),
        }
    )
    size = sum(map(len, pages)) / len(pages) / 1024
    notes = [f"{len(pages)} steps of {size:.0f} KiB before inlining on average; the peers only inline"]
    table("All steps of the sample, cold", seconds, "premailer, default settings", "ms", 1000, notes)
    cold = in_new_processes()
    print(
        f"\nA series of {LONG} steps in a new process: {statistics.median(cold):.2f} s"
        f" ({min(cold):.2f} to {max(cold):.2f})"
    )


if __name__ == "__main__":
    main()
