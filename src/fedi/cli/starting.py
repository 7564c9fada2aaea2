"""Starts the long-running verbs."""

import functools

from fedi.settings import Settings

VERBS = ("serve", "web", "streaming", "projector", "effects")


def start(verb: str, settings: Settings) -> None:
    """Run one of them until it is told to stop. Raises ConfigurationError."""
    from fedi.supervisor import serve

    run = {
        "serve": serve.serve,
        "web": serve.serve_web,
        "streaming": serve.serve_streaming,
        "projector": serve.serve_projector,
        "effects": serve.serve_effects,
    }
    run[verb](settings, functools.partial(print, flush=True))
