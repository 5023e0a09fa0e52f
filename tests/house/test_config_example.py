"""config.example.yaml is what the settings themselves say."""

from backmail.config import example
from tests.house.project import ROOT


def test_the_example_of_the_settings_is_up_to_date() -> None:
    assert (ROOT / "config.example.yaml").read_text(encoding="utf-8") == example()
