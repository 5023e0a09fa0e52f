"""What the tests of the stories share."""

from tests.desk.workbench import backmail, project

__all__ = ["backmail", "project"]
