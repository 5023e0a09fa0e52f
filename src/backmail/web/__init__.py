"""The pages that readers see, and what their presses do; served by whoever runs the engine."""

from backmail.web.site import site

__all__ = ["site"]
