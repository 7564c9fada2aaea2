"""What many talk about is counted every five minutes."""

from fedi.effects import trending
from fedi.effects.deps import Deps
from fedi.effects.jobs.doing import every
from fedi.registry import trends
from fedi.views import trends as views


@every("*/5 * * * *")
async def count(deps: Deps) -> None:
    """Count hashtags, pages and posts anew."""
    now = deps.means.clock()
    async with deps.pool.connection() as connection:
        tags = {trend.key: trend for trend in await trends.all_of(connection, "tag")}
        found = trending.of_uses(await views.tag_uses(connection, now), tags, trending.TAG_HALF_LIFE, now)
        await trends.replace(connection, "tag", found)
        links = {trend.key: trend for trend in await trends.all_of(connection, "link")}
        found = trending.of_uses(await views.link_uses(connection, now), links, trending.LINK_HALF_LIFE, now)
        await trends.replace(connection, "link", found)
        liked = await views.well_liked(connection, now, trending.ENOUGH)
        await trends.replace(connection, "status", trending.of_statuses(liked, now))
