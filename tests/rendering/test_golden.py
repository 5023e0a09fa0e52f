"""What inlining makes of one document, to the byte, with every lxml that the project allows (`scripts/lxml_range`)."""

import hashlib
import tomllib

from lxml import etree
from packaging.requirements import Requirement
from packaging.version import Version

from backmail.rendering import inline
from tests.house.project import ROOT

RULES = """
body, .page { margin: 0; background-color: #ffffff; color: #1d2422 }
table.frame > tr > td, .frame td { padding: 24px; font-family: "Segoe UI", Arial, sans-serif; font-size: 18px }
h1:first-child { font-size: 28px; line-height: 1.3; mso-line-height-rule: exactly }
p, li { margin: 0 0 16px; line-height: 1.5 }
.button a { display: inline-block; padding: 14px 28px; border-radius: 6px; background-color: #1f5f4a; color: #ffffff }
img.wide { width: 100%; max-width: 552px; height: auto; border: 0 }
#last + p, p.note b { color: #5a6361 }
"""
KEPT = "@media (prefers-color-scheme: dark) { .page { color: #e8ebea !important } } [data-ogsc] .page { color: #fff }"
DOCUMENT = f"""<!DOCTYPE html>
<html lang="en" dir="ltr" xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office">
<head><meta charset="utf-8"><title>Two calm exercises – bm0123456789x0z</title>
<!--[if mso]><noscript><xml><o:OfficeDocumentSettings><o:PixelsPerInch>96</o:PixelsPerInch>
</o:OfficeDocumentSettings></xml></noscript><![endif]-->
<style>{RULES}</style><style data-premailer="ignore">{KEPT}</style></head>
<body xml:lang="en" class="body"><div style="display:none;mso-hide:all">Each takes a minute. &#8199;&#65279;&#847;</div>
<div role="article" class="page" lang="en" dir="ltr">
<!--[if mso]><table role="presentation" width="600"><tr><td><![endif]-->
<table class="frame" role="presentation" border="0" cellpadding="0" cellspacing="0" width="100%"><tr><td>
<h1>Hej bm0123456789x1z &amp; alle,</h1>
<p>Sørensen&nbsp;€ 😀 <b>slow</b>ly &lt;8 times&gt; "quoted" 'single'</p>
<ol><li>One</li><li id="last">Two</li></ol><p class="note">See <b>this</b>.</p>
<!--[if !mso]><!--><div class="button"><a href="https://example.org/a?b=1&amp;c=bm0123456789x2z">Go</a></div><!--<![endif]-->
<img class="wide" src="https://example.org/%C3%A9.png" width="552" height="300" alt="A chair, bm0123456789x3z">
</td></tr></table>
<!--[if mso]></td></tr></table><![endif]-->
</div></body></html>
"""
RANGE = "<6.2,>=6.0"
DIGEST = "7853fece31161122"


def test_the_document_comes_out_the_same_to_the_byte() -> None:
    made = inline.inlined(DOCUMENT)
    assert hashlib.sha256(made.encode("ascii")).hexdigest()[:16] == DIGEST, made


def test_lxml_is_pinned_to_the_range_that_was_tried() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    wanted = next(each for each in map(Requirement, project["project"]["dependencies"]) if each.name == "lxml")
    assert str(wanted.specifier) == RANGE
    assert Version(etree.__version__) in wanted.specifier
    locked = (ROOT / "requirements" / "run.txt").read_text(encoding="utf-8")
    assert Version(locked.split("\nlxml==")[1].split()[0]) in wanted.specifier
