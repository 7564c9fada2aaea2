"""The job that carries out lines of a list that somebody brought along."""

from fedi.services.jobs import Job, job


@job("imports.some", "pull")
class ImportSome(Job, frozen=True, kw_only=True):
    """Carry out the next lines; what is left then waits as another job."""

    import_id: int

    @property
    def lane(self) -> str:
        """One at a time for each import, so that its lines keep their order."""
        return f"import-{self.import_id}"
