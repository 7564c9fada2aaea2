"""Mastodon's shapes, a file per family. Only this package knows them; `schemas/mastodon` says what they must hold."""
