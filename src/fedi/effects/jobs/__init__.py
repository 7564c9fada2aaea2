"""Background jobs: a file for each, found by walking this package.

`@does(SendMail)` on `async def send(job, deps)` does the jobs of a class; `@every("0 4 * * *")` on
`async def clean(deps)` is done by the clock (UTC), by one process. What a job raises is logged, and the
job is tried again.
"""
