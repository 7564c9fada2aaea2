"""People of a generated world, for the load: with tokens, and with what they may look at."""

import psycopg
from psycopg import AsyncConnection

from fedi.registry import tokens
from ops.bench.people import SCOPES, Person
from ops.bench.running import Server


async def residents(server: Server, number: int) -> list[Person]:
    """Return local people from all over the world, the well known and the unknown, each with a token for everything."""
    query = """
        SELECT id, account_id, username
          FROM (SELECT *, row_number() OVER (ORDER BY account_id) AS place, count(*) OVER () AS people
                  FROM registry.users WHERE email LIKE %(like)s) AS all_of_them
         WHERE place %% greatest(people / %(number)s, 1) = 0
         ORDER BY place LIMIT %(number)s"""
    async with await AsyncConnection.connect(server.database_url) as connection:
        cursor = await connection.execute(query, {"like": "%@world.invalid", "number": number})
        rows = await cursor.fetchall()
        secret, site, found = server.settings.secret_key_base, server.settings.site, list[Person]()
        for user_id, account_id, name in rows:
            token = await tokens.issue(connection, secret, app_id=None, user_id=user_id, scopes=SCOPES)
            found.append(Person(name=name, account_id=account_id, uri=site.actor(name), token=token.secret))
    return found


def figure(server: Server, query: str) -> int:
    """Return the number that a query comes to."""
    with psycopg.connect(server.database_url) as connection:
        row = connection.execute(query.encode()).fetchone()
    return int(row[0]) if row else 0
