"""What the tests of the stories share."""

from tests.desk.workbench import backmail, project
from tests.stories.shop import founded, hasty, shop

__all__ = ["backmail", "founded", "hasty", "project", "shop"]
