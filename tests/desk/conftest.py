"""What the tests of the desk share."""

from tests.desk.workbench import backmail, project

__all__ = ["backmail", "project"]
