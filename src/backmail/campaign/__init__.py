"""The campaign folder: read, written from an article and its plan, and proved against the article."""

from backmail.campaign.body import Instructs, Sentences
from backmail.campaign.catalog import complete, find, products_of, read_catalog
from backmail.campaign.chapters import Chapter
from backmail.campaign.compare import compare
from backmail.campaign.coverage import copies_in, generated, is_step, places, proposed_subjects, steps_among, text_of
from backmail.campaign.files import Settings, files
from backmail.campaign.folder import write
from backmail.campaign.folders import campaign_folders, folder_of, not_named, taken_ids
from backmail.campaign.legible import illegible, legible
from backmail.campaign.names import campaign_id, slug
from backmail.campaign.outline import (
    Outline,
    outline_standing,
    outline_text,
    outline_text_in,
    override_places,
    read_outline,
)
from backmail.campaign.people import person, read_people, read_person
from backmail.campaign.read import read, read_all, twins

__all__ = [
    "Chapter",
    "Instructs",
    "Outline",
    "Sentences",
    "Settings",
    "campaign_folders",
    "campaign_id",
    "compare",
    "complete",
    "copies_in",
    "files",
    "find",
    "folder_of",
    "generated",
    "illegible",
    "is_step",
    "legible",
    "not_named",
    "outline_standing",
    "outline_text",
    "outline_text_in",
    "override_places",
    "person",
    "places",
    "products_of",
    "proposed_subjects",
    "read",
    "read_all",
    "read_catalog",
    "read_outline",
    "read_people",
    "read_person",
    "slug",
    "steps_among",
    "taken_ids",
    "text_of",
    "twins",
    "write",
]
