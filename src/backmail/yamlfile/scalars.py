"""What an unquoted word of YAML means: the core schema of YAML 1.2, where no, on, 07:30 and 2024-01-10 are text."""

import re

NULL = re.compile(r"~|null|Null|NULL|")
TRUE = re.compile(r"true|True|TRUE")
FALSE = re.compile(r"false|False|FALSE")
INT = re.compile(r"[-+]?[0-9]+")
OCTAL = re.compile(r"0o[0-7]+")
HEX = re.compile(r"0x[0-9a-fA-F]+")
FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
INFINITE = re.compile(r"([-+]?)(?:\.inf|\.Inf|\.INF)")
NOT_A_NUMBER = re.compile(r"\.nan|\.NaN|\.NAN")
LONGEST_NUMBER = 100  # characters; Python itself refuses to read thousands of digits


def resolve(text: str) -> bool | int | float | str | None:  # noqa: PLR0911  # one return for each kind of value
    """Return the value of an unquoted scalar (YAML 1.2.2, section 10.3.2).

    Raises:
        ValueError: for a number of more than LONGEST_NUMBER characters.
    """
    if NULL.fullmatch(text):
        return None
    if TRUE.fullmatch(text):
        return True
    if FALSE.fullmatch(text):
        return False
    number = next((pattern for pattern in (INT, OCTAL, HEX, FLOAT) if pattern.fullmatch(text)), None)
    if number is not None:
        if len(text) > LONGEST_NUMBER:
            raise ValueError(f"a number of {len(text)} characters")
        if number is FLOAT:
            return float(text)
        return int(text, {INT: 10, OCTAL: 8, HEX: 16}[number])
    if found := INFINITE.fullmatch(text):
        return float(f"{found[1]}inf")
    if NOT_A_NUMBER.fullmatch(text):
        return float("nan")
    return text
