"""`make fuzz-inbox`: atheris looks for bytes that an inbox, a reader of fetched documents, or a fold cannot bear.

It starts from tests/fuzz/corpus and the fixtures, changes documents as documents, and keeps what reaches code that
nothing reached before. What breaks something is written to tests/fuzz/found: put it into the corpus with the repair,
where tests/fuzz/test_corpus.py tries it for ever after.
"""

import argparse
import contextlib
import importlib
import importlib.util
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
DATABASE = "FUZZ_DATABASE_URL"
MAX_BYTES = 20_000


def main() -> int:
    """Start a database and fuzz on it in a process of its own, which never returns; the exit code is that one's."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=60)
    seconds = parser.parse_args().seconds
    if importlib.util.find_spec("atheris") is None:
        sys.stderr.write("there is no atheris for this Python on this machine; the suite tries by chance alone\n")
        return 0
    from fedi.supervisor import postgres
    from fedi.supervisor.home import locate
    from tests.support import servers
    from tests.support.gauntlet import seeds

    found = HERE / "found"
    found.mkdir(exist_ok=True)
    with contextlib.ExitStack() as stack:
        begin = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="fedi-fuzz-")))
        directory = stack.enter_context(servers.shared_postgres())
        url = postgres.url(locate(directory), "postgres")
        servers.ensure_template(directory, url)
        database = stack.enter_context(servers.fresh_database(url))
        for name in ("seeds", "new"):
            (begin / name).mkdir()
        for name, body in seeds():
            (begin / "seeds" / f"{name}.json").write_bytes(body)
        options = [f"-max_total_time={seconds}", f"-max_len={MAX_BYTES}", f"-artifact_prefix={found}/", "-timeout=10"]
        folders = [str(begin / "new"), str(begin / "seeds"), str(HERE / "corpus")]
        command = [sys.executable, "-m", "tests.fuzz.inbox", *options, "-print_final_stats=1", *folders]
        return subprocess.run(command, env={**os.environ, DATABASE: database}, check=False).returncode


def fuzz(database: str) -> None:
    """Fuzz until the time is over or something breaks."""
    atheris: Any = importlib.import_module("atheris")
    with atheris.instrument_imports(include=["fedi"]):
        from tests.support.gauntlet import Gauntlet
        from tests.support.twisting import twist
    import psycopg

    gauntlet = Gauntlet(psycopg.connect(database, autocommit=True))

    def mutate(body: bytes, most: int, seed: int) -> bytes:
        """Change the document or, now and then, mere bytes."""
        twisted = twist(body, seed) if seed % 8 else body
        if twisted == body or len(twisted) > most:
            return bytes(atheris.Mutate(body, most))
        return twisted

    atheris.Setup(sys.argv, gauntlet.run, custom_mutator=mutate)
    atheris.Fuzz()


if __name__ == "__main__":
    if DATABASE in os.environ:
        fuzz(os.environ[DATABASE])
    else:
        sys.exit(main())
