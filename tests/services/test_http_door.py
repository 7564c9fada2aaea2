"""S-062: nothing but the doors in services/ can open a connection to another system."""

import ast
from pathlib import Path

import fedi

_SOURCE = Path(fedi.__file__).parent

# Doors to what the operator named (this program itself, storage) are not for strangers' addresses.
_OPENERS = {
    "asyncio.open_connection": {"services/http_connections.py"},
    "asyncio.open_unix_connection": set(),
    "create_connection": set(),
    "sock_connect": set(),
    "socket.socket": {"supervisor/door.py", "supervisor/valkey.py"},
    "AsyncClient": set(),
    "AsyncHTTPTransport": set(),
    "HTTPTransport": set(),
    "httpx.get": set(),
    "httpx.post": set(),
    "urlopen": set(),
}
_MODULES = {
    "aiohttp": set(),
    "httpcore": set(),
    "http.client": set(),
    "requests": set(),
    "urllib.request": set(),
    "urllib3": {"services/storage_s3.py"},
    "smtplib": set(),
    "aiosmtplib": {"services/mailer.py"},
    "aioquic": set(),
    "boto3": set(),
    "ftplib": set(),
    "telnetlib": set(),
    "websockets": set(),
    # Only as the kind of what was opened at the door.
    "socket.socket": {
        "app.py",
        "hypercorn_connections/configuration.py",
        "hypercorn_connections/connection.py",
        "sharing_loop.py",
        "supervisor/serve.py",
    },
    "httpx": {"services/http.py", "services/http_transport.py"},
    "minio": {"services/storage_s3.py"},
}


def test_s_062_one_door() -> None:
    found = []
    for file in sorted(_SOURCE.rglob("*.py")):
        name = file.relative_to(_SOURCE).as_posix()
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Attribute | ast.Name):
                text = ast.unparse(node)
                found += [
                    (name, opener) for opener, doors in _OPENERS.items() if _ends(text, opener) and name not in doors
                ]
            modules = []
            if isinstance(node, ast.Import):
                modules = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                modules = [node.module or "", *(f"{node.module}.{alias.name}" for alias in node.names)]
            for module, doors in _MODULES.items():
                if name not in doors and any(one == module or one.startswith(module + ".") for one in modules):
                    found.append((name, module))
    assert found == []


def _ends(text: str, opener: str) -> bool:
    return text == opener or text.endswith("." + opener)
