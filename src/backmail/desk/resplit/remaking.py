"""A corrected outline becomes mails: written anew, or merged where somebody got one of them already."""

from __future__ import annotations

from backmail.campaign import Outline
from backmail.config import Project
from backmail.desk import new
from backmail.desk.new import Made
from backmail.desk.reached import reached
from backmail.desk.resplit.resplitting import Merged, resplit
from backmail.model.campaign import Campaign

__all__ = ["is_sent", "remake"]


def is_sent(campaign: Campaign, project: Project) -> bool:
    """Whether anybody got a mail of a campaign, by the database; without one nobody did.

    Raises:
        StoreError: there is a database, and it cannot be used.
    """
    return bool(reached(project, campaign.id).sent)


def remake(campaign: Campaign, project: Project, outline: Outline) -> Merged | Made:
    """Make the mails of a campaign, all as backmail wrote them, as another outline has them.

    Where somebody got a mail already, its blocks stay in it: what was read is not sent again.

    Returns:
        What was merged, or what was written anew.

    Raises:
        CampaignError: the campaign was written by hand, its steps were edited, or its files are being changed.
        PlanRefused, SafetyStop: the outline does not work; nothing is changed.
        StoreError: there is a database, and it cannot be used; nothing is changed.
    """
    if campaign.article:
        new.unedited(campaign)
        if is_sent(campaign, project):
            return resplit(str(campaign.folder), project, outline=outline)
    return new.rewrite(campaign, project, outline)
