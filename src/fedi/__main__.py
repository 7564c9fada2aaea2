"""Lets `python -m fedi` be what `fedi` is."""

from fedi.cli import main

main()
