"""A real object store for tests: OpenStack Swift with its S3 API, which checks every signature."""

import contextlib
import getpass
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import msgspec

from fedi.settings import Settings

_ROLES = {"object": "swift#mem_object", "container": "swift#container", "account": "swift#account"}
_HASH = """
[swift-hash]
swift_hash_path_suffix = test
[storage-policy:0]
name = one
default = yes
"""
_PROXY = """
[DEFAULT]
bind_ip = 127.0.0.1
bind_port = {port}
swift_dir = {folder}
user = {user}
workers = 0
log_name = proxy
log_address = /nowhere
[pipeline:main]
pipeline = catch_errors cache s3api tempauth slo dlo proxy-server
[app:proxy-server]
use = egg:swift#proxy
account_autocreate = true
[filter:catch_errors]
use = egg:swift#catch_errors
[filter:cache]
use = egg:swift#memcache
memcache_servers = 127.0.0.1:1
[filter:s3api]
use = egg:swift#s3api
s3_acl = false
allow_no_owner = true
location = us-east-1
[filter:tempauth]
use = egg:swift#tempauth
user_test_tester = {secret} .admin
[filter:slo]
use = egg:swift#slo
[filter:dlo]
use = egg:swift#dlo
"""
_STORE = """
[DEFAULT]
bind_ip = 127.0.0.1
bind_port = {port}
swift_dir = {folder}
devices = {folder}/devices
mount_check = false
user = {user}
workers = 0
disable_fallocate = true
log_address = /nowhere
[pipeline:main]
pipeline = {role}-server
[app:{role}-server]
use = egg:{egg}
"""


class Swift(msgspec.Struct, frozen=True):
    """Where it answers, and who may ask."""

    endpoint: str
    key: str
    secret: str

    @property
    def host(self) -> str:
        """Host and port."""
        return self.endpoint.removeprefix("http://")


def settings_for(store: Swift) -> Settings:
    """Return the settings of a server that keeps its files there, and shows them elsewhere."""
    return Settings(
        s3_enabled=True,
        s3_bucket="media",
        aws_access_key_id=store.key,
        aws_secret_access_key=store.secret,
        s3_endpoint=store.endpoint,
        s3_protocol="http",
        s3_alias_host="cdn.example",
        s3_retry_limit=0,
    )


@contextlib.contextmanager
def swift(folder: Path) -> Iterator[Swift]:
    """Run one on free ports of 127.0.0.1 while the block lasts."""
    ports = {role: _free_port() for role in ("proxy", *_ROLES)}
    values = {"folder": folder, "user": getpass.getuser(), "secret": "tested"}
    (folder / "devices" / "d1").mkdir(parents=True)
    (folder / "swift.conf").write_text(_HASH)
    numbers = [str(ports[role]) for role in _ROLES]
    subprocess.run([sys.executable, "-W", "ignore", "-c", _RINGS, str(folder), *numbers], check=True, cwd=folder)
    for role, egg in _ROLES.items():
        (folder / f"{role}.conf").write_text(_STORE.format(port=ports[role], role=role, egg=egg, **values))
    (folder / "proxy.conf").write_text(_PROXY.format(port=ports["proxy"], **values))
    with contextlib.ExitStack() as stack:
        children = {role: stack.enter_context(_running(folder, role)) for role in ports}
        for role, child in children.items():
            _wait(child, ports[role], folder / f"{role}.log")
        yield Swift(f"http://127.0.0.1:{ports['proxy']}", "test:tester", "tested")


_RINGS = """
import sys
from swift.common.ring import RingBuilder
folder, *ports = sys.argv[1:]
for number, (role, port) in enumerate(zip(("object", "container", "account"), map(int, ports))):
    builder = RingBuilder(4, 1, 0)
    builder.add_dev({"id": 0, "region": 1, "zone": 1, "ip": "127.0.0.1", "port": port, "device": "d1", "weight": 1,
                     "replication_ip": "127.0.0.1", "replication_port": port, "meta": ""})
    builder.rebalance()
    builder.get_ring().save(f"{folder}/{role}.ring.gz")
"""


@contextlib.contextmanager
def _running(folder: Path, role: str) -> "Iterator[subprocess.Popen[bytes]]":
    script = Path(sys.executable).parent / f"swift-{role}-server"
    with (folder / f"{role}.log").open("wb") as log:
        child = subprocess.Popen(
            [sys.executable, "-W", "ignore", str(script), str(folder / f"{role}.conf"), "-v"],
            stdout=log,
            stderr=log,
            cwd=folder,
        )
        try:
            yield child
        finally:
            child.terminate()
            child.wait(10)


def _wait(child: "subprocess.Popen[bytes]", port: int, log: Path) -> None:
    for _ in range(300):
        if child.poll() is not None:
            break
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.1)
    raise RuntimeError(log.read_text(errors="replace"))


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
