"""The production path: the files of ops/ are accepted by the programs they are for, and the program runs with them."""

import datetime
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from fedi.settings.env_file import parse_env_file
from fedi.settings.loading import fields, load
from tests.support import program, system

OPS = program.ROOT / "ops"
EXAMPLE = OPS / ".env.production.example"
UNITS = sorted((OPS / "systemd").iterdir())
EXPOSURE = 15
"""Tenths of systemd's own measure of how exposed a service is, from 0 to 100."""


def test_the_example_wants_only_its_marked_values() -> None:
    given = parse_env_file(EXAMPLE.read_text(encoding="utf-8"))
    assert set(given) <= {field.setting.name for field in fields()}
    settings = load({**given, "SECRET_KEY_BASE": "s" * 64})
    assert (settings.env, settings.site.base_url) == ("production", "https://social.example")
    assert settings.database_url
    assert settings.redis_url


def test_systemd_accepts_the_units(tmp_path: Path) -> None:
    """The program's path is replaced by one that exists, since systemd looks for it."""
    verify = system.tool("systemd-analyze")
    for unit in UNITS:
        text = unit.read_text(encoding="utf-8").replace("/opt/fedi/.venv/bin/fedi", "/bin/true")
        (tmp_path / unit.name).write_text(text, encoding="utf-8")
    files = [str(tmp_path / unit.name) for unit in UNITS]
    judged = subprocess.run([verify, "verify", *files], capture_output=True, text=True, timeout=60, check=False)
    complaints = [line for line in judged.stderr.splitlines() if str(tmp_path) in line or "fedi" in line]
    assert (judged.returncode, complaints) == (0, []), judged.stderr


def test_systemd_finds_the_services_hardened() -> None:
    analyze = system.tool("systemd-analyze")
    services = [str(unit) for unit in UNITS if unit.suffix == ".service"]
    judged = subprocess.run(
        [analyze, "security", "--offline=yes", f"--threshold={EXPOSURE}", "--no-pager", *services],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert judged.returncode == 0, judged.stdout + judged.stderr


def test_nginx_accepts_the_site(tmp_path: Path) -> None:
    nginx = system.tool("nginx")
    (tmp_path / "live").mkdir()
    _write_certificate(tmp_path / "live")
    site = (OPS / "nginx" / "fedi.conf").read_text(encoding="utf-8")
    site = site.replace("/etc/letsencrypt/live/social.example", str(tmp_path / "live"))
    site = site.replace("/var/cache/nginx-fedi", str(tmp_path / "cache"))
    site = re.sub(r"listen (\[::\]:)?(80|443)", lambda found: f"listen {found[1] or ''}{int(found[2]) + 20000}", site)
    paths = "".join(
        f"{kind}_temp_path {tmp_path}/{kind};\n" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    whole = tmp_path / "nginx.conf"
    whole.write_text(f"pid {tmp_path}/pid;\nevents {{}}\nhttp {{\naccess_log off;\n{paths}{site}\n}}\n")
    judged = subprocess.run(
        [nginx, "-t", "-c", str(whole), "-e", str(tmp_path / "error.log")],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert judged.returncode == 0, judged.stderr
    warnings = [line for line in judged.stderr.splitlines() if "[warn]" in line and "deprecated" not in line]
    assert warnings == []  # later versions deprecate the form of `http2` that Debian 12's version needs


@pytest.fixture(scope="module")
def database_of_debian() -> Iterator[str]:
    with system.debian_postgres() as url:
        yield url


@pytest.mark.parametrize("cache", ["debian", "embedded"])
def test_the_roles_run_with_the_example_on_debians_servers(
    cache: str, database_of_debian: str, valkey_url: str, tmp_path: Path
) -> None:
    """`fedi web`, `projector` and `effects` use the servers they are given and start none of their own."""
    with program.data_directory() as data_dir:
        if cache == "embedded":
            _run_roles(data_dir, tmp_path / "env", database_of_debian, valkey_url)
        else:
            with system.debian_redis() as redis_url:
                _run_roles(data_dir, tmp_path / "env", database_of_debian, redis_url)


def _run_roles(data_dir: Path, file: Path, database_url: str, redis_url: str) -> None:
    text = EXAMPLE.read_text(encoding="utf-8")
    own = {"SECRET_KEY_BASE": "s" * 64, "DATABASE_URL": database_url, "REDIS_URL": redis_url}
    kept = [line for line in text.splitlines() if line.partition("=")[0] not in own]
    file.write_text("\n".join([*kept, *(f"{name}={value}" for name, value in own.items())]), encoding="utf-8")
    checked = program.fedi("doctor", "--env-file", str(file), data_dir=data_dir)
    assert "✓ PostgreSQL: version 15." in checked.stdout
    with (
        program.running("web", "--env-file", str(file), data_dir=data_dir) as web,
        program.running("projector", "--env-file", str(file), data_dir=data_dir) as projector,
        program.running("effects", "--env-file", str(file), data_dir=data_dir) as effects,
    ):
        web.wait_for("web listens at 127.0.0.1")
        projector.wait_for("projector runs")
        effects.wait_for("effects runs")
        assert web.get("/readyz").json() == {"ready": True, "postgres": True, "redis": True}
        kinds = {name for role in (web, projector, effects) for name in program.family(role.process.pid).values()}
        assert kinds == {"fedi web 0", "fedi web 1", "fedi projector", "fedi effects"}
        assert web.interrupt() < 5


def test_the_steps_of_the_installation_name_files_that_exist() -> None:
    page = (program.ROOT / "docs" / "operations" / "install.md").read_text(encoding="utf-8")
    assert len(re.findall(r"^## \d+\. ", page, re.MULTILINE)) == 10
    named = re.findall(r"/opt/fedi/((?:ops|docs)/[\w./-]+\w)", page)
    assert named
    for name in named:
        assert (program.ROOT / name).exists(), name


def _write_certificate(folder: Path) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "social.example")])
    begin = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(begin)
        .not_valid_after(begin + datetime.timedelta(days=3650))
        .sign(key, hashes.SHA256())
    )
    (folder / "fullchain.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    (folder / "privkey.pem").write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
