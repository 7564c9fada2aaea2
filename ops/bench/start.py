"""How long a start takes on an existing database, and what the whole server holds in memory when it is idle."""

import time

from ops.bench.marks import Mark, Scale
from ops.bench.running import PATH, free_port, scratch, serving

IDLE_SECONDS = 3.0


def measure(scale: Scale) -> list[Mark]:
    """Start the server several times on one data directory; the first start, which makes it, is not counted."""
    starts, memory = list[float](), list[float]()
    with scratch() as data_dir:
        port = free_port()
        with serving(data_dir, port):
            pass
        for _ in range(scale.runs):
            with serving(data_dir, port) as server:
                starts.append(server.seconds)
                time.sleep(IDLE_SECONDS * scale.part)
                memory.append(server.memory())
    return [
        Mark(name=f"start to the first 200 of {PATH}", unit="s", runs=starts, goal=1.5, note="existing database"),
        Mark(name="memory of all processes, idle", unit="MiB", runs=memory, goal=200.0, note="PSS: shared pages once"),
    ]
