"""A corrected outline becomes mails: written anew, or merged where somebody got one of them already."""

from __future__ import annotations

from backmail.campaign import Outline
from backmail.config import Project
from backmail.desk import new
from backmail.desk.new import Made
from backmail.desk.reached import reached
from backmail.desk.resplit.resplitting import Merged, resplit
from backmail.errors import CampaignError, Fault, Place
from backmail.model.campaign import Campaign

__all__ = ["is_sent", "merges", "remake"]


def is_sent(campaign: Campaign, project: Project) -> bool:
    """Whether anybody got a mail of a campaign, by the database; without one nobody did.

    Raises:
        StoreError: there is a database, and it cannot be used.
    """
    return bool(reached(project, campaign.id).sent)


def merges(campaign: Campaign, project: Project) -> bool:
    """Whether mails that nobody edited are merged with what is generated anew, and not written over.

    Where somebody got a mail already, its blocks stay in it: what was read is not sent again. In a series of several
    articles the mails of the others keep their ids and places.

    Raises:
        StoreError: there is a database, and it cannot be used.
    """
    return bool(campaign.added) or is_sent(campaign, project)


def remake(campaign: Campaign, project: Project, outline: Outline, of: int = 1) -> Merged | Made:
    """Make the mails of a campaign, all as backmail wrote them, as another outline has them.

    Args:
        campaign: which.
        project: what it belongs to.
        outline: what is decided about one of its articles.
        of: the number of that article, from 1.

    Returns:
        What was merged (see `merges`), or what was written anew.

    Raises:
        CampaignError: the campaign was written by hand, its steps were edited, or its files are being changed.
        PlanRefused, SafetyStop: the outline does not work; nothing is changed.
        StoreError: there is a database, and it cannot be used; nothing is changed.
    """
    if not campaign.article:
        raise CampaignError(Fault("this campaign was not made from an article", Place(str(campaign.folder))))
    new.unedited(campaign)
    if merges(campaign, project):
        return resplit(str(campaign.folder), project, outline=outline, of=of)
    return new.rewrite(campaign, project, outline)
