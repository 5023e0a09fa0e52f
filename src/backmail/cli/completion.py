"""`backmail completion SHELL`: the script by which a shell completes commands, options and names."""

from __future__ import annotations

import click

from backmail.cli import screen

SHELLS = {
    "bash": 'put this line into ~/.bashrc:\n  eval "$(backmail completion bash)"',
    "zsh": 'put this line into ~/.zshrc, behind compinit:\n  eval "$(backmail completion zsh)"',
    "fish": "type this once:\n  backmail completion fish > ~/.config/fish/completions/backmail.fish",
}


@click.command("completion")
@click.argument("shell", type=click.Choice(list(SHELLS)))
def command(shell: str) -> None:
    """Print the script by which SHELL completes backmail's commands, options and names.

    No file is changed. The last lines of the script say where it goes.
    """
    from click.shell_completion import get_completion_class

    from backmail.cli import backmail

    made = get_completion_class(shell)
    assert made is not None  # noqa: S101  # click knows these three
    screen.say(made(backmail, {}, "backmail", "_BACKMAIL_COMPLETE").source().rstrip())
    screen.say("\n".join(f"# {line}" for line in f"To use this, {SHELLS[shell]}".split("\n")))
