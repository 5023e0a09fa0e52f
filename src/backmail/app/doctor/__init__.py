"""Looks at an installation as it stands, sends nothing and changes nothing, and says what to mend."""

from backmail.app.doctor.examination import examine
from backmail.app.doctor.said import Grade, Said

__all__ = ["Grade", "Said", "examine"]
