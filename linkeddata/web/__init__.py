"""The public doors: read-only, over the edition that is served."""

from linkeddata.web.app import create_app, warm_up

__all__ = ["create_app", "warm_up"]
