"""Errors that every app may raise; a `UserError` is shown as it is, in Dutch."""


class UserError(Exception):
    """Something the person can do something about; the text says what, with which thing, and what to do."""


class PassingTrouble(UserError):
    """Trouble that may be over in a while, such as a publisher that does not answer: work may be tried again."""


class TooManyJobs(UserError):
    """One person may not fill the queue."""

    def __init__(self, limit: int) -> None:
        super().__init__(f"U heeft al {limit} taken in de rij. Wacht tot er een klaar is, of stop er een op /taken/.")


class JobCancelled(Exception):
    """Somebody asked this job to stop."""


class WorkerStopping(Exception):
    """The worker is told to end; the job is done again by the next worker."""
