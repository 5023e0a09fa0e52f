"""The settings of a project: config.yaml -> Config; where its folders are; how a project begins."""

from backmail.config.example import example
from backmail.config.project import Project, find_project
from backmail.config.settings import Config, Site, read_config
from backmail.config.starter import sample_campaigns, start_project

__all__ = ["Config", "Project", "Site", "example", "find_project", "read_config", "sample_campaigns", "start_project"]
