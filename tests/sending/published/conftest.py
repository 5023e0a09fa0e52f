"""What the tests of published versions share."""

from tests.rendering.conftest import minimal
from tests.sending.published.samples import published

__all__ = ["minimal", "published"]
