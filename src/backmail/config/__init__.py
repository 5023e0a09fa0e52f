"""The settings of a project: config.yaml -> Config; its secrets; where its folders are; how a project begins."""

from backmail.config.crash import CrashAt
from backmail.config.environment import Environment
from backmail.config.example import example
from backmail.config.own_secrets import Secrets
from backmail.config.project import Project, find_project
from backmail.config.settings import Config, EngineTimes, Site, TimeOuts, TransportChoice, read_config
from backmail.config.starter import sample_campaigns, start_project

__all__ = [
    "Config",
    "CrashAt",
    "EngineTimes",
    "Environment",
    "Project",
    "Secrets",
    "Site",
    "TimeOuts",
    "TransportChoice",
    "example",
    "find_project",
    "read_config",
    "sample_campaigns",
    "start_project",
]
