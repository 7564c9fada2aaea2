"""A process that appends without end and prints the identity of each unit once it was acknowledged; made to be killed.

`python -m tests.support.appending DATABASE_URL`
"""

import asyncio
import os
import sys
from uuid import uuid4

from fedi.log.appender import Appender
from tests.support.events import draft

PRODUCERS = 50


async def append_for_ever(database_url: str) -> None:
    async with Appender(database_url) as appender:

        async def produce() -> None:
            while True:
                first = uuid4()
                await appender.append([draft(1, identity=first), draft(2), draft(3)])
                os.write(sys.stdout.fileno(), f"{first}\n".encode())

        await asyncio.gather(*(produce() for _ in range(PRODUCERS)))


if __name__ == "__main__":
    asyncio.run(append_for_ever(sys.argv[1]))
