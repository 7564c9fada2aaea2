"""fedi: an event-sourced federation server, compatible with Mastodon on every side."""

__version__ = "0.1.0"
