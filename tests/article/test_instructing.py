"""What an exercise tells its reader to do is known for it; what it says of itself is not."""

import pytest

from backmail.article import instructs

TOLD = (
    ("en", "Lie on your side."),
    ("en", "While breathing out, lift the leg."),
    ("en", "Don't hold your breath."),
    ("en", "Stand or sit tall and stretch your right arm."),
    ("en", "Then sit or kneel."),
    ("da", "Rund ryggen, mens du puster ud."),
    ("da", "Gentag bevægelsen 10 gange i et roligt tempo."),
    ("da", "Svaj så ryggen."),
    ("sv", "Luta bålen framåt."),
    ("sv", "Håll i 30 sekunder."),
    ("de", "Halte die Position 20 Sekunden."),
    ("de", "Die Knie langsam zur Brust ziehen."),
    ("fr", "Ne bloquez pas la respiration."),
    ("fr", "Puis remontez doucement."),
    ("fr", "Ensuite, n’oubliez pas de respirer."),
    ("es", "Y no arquees la espalda."),
    ("es", "Repite diez veces."),
)
SAID = (
    ("en", "Stretching relieves tension."),
    ("en", "This pose calms."),
    ("en", "Stretch and strength go together."),
    ("en", "Balance and posture improve."),
    ("da", "Strækket giver bevægelighed."),
    ("da", "Du løfter benet."),
    ("da", "Stræk er godt for ryggen."),
    ("sv", "Lyfter man benet blir det tyngre."),
    ("de", "Strecken hilft dem Rücken."),
    ("da", "Stræk og styrke hører sammen."),
    ("de", "Drehung und Beugung sind gut."),
    ("fr", "Descendre lentement est important."),
    ("fr", "Vous n’aurez pas mal."),
    ("es", "No tienes que llegar al suelo."),
    ("es", "No es necesario."),
)


@pytest.mark.parametrize(("language", "sentence"), TOLD)
def test_what_is_told(language: str, sentence: str) -> None:
    assert instructs(sentence, language)


@pytest.mark.parametrize(("language", "sentence"), SAID)
def test_what_is_only_said(language: str, sentence: str) -> None:
    assert not instructs(sentence, language)
