"""What the last commits touched: who reads while others write asks whether what they read may be remembered."""

from collections import deque
from itertools import islice

from fedi.touched import EVERYTHING, Touched

KEPT = 64
"""Commits of which it is known what they touched."""


class Recent:
    """The last commits of the views, as one process was told of them."""

    def __init__(self) -> None:
        self._commits: deque[Touched] = deque(maxlen=KEPT)
        self.epoch = 0
        """A number that grows with each commit; to be taken before something is read."""

    def add(self, touched: Touched) -> None:
        """Note what a commit touched."""
        self.epoch += 1
        self._commits.append(touched)

    def since(self, epoch: int) -> Touched:
        """Return what was touched since an epoch: everything if that is too long ago."""
        missed = self.epoch - epoch
        if missed > len(self._commits):
            return EVERYTHING
        last = list(islice(reversed(self._commits), missed))
        return Touched(
            statuses=tuple(each for one in last for each in one.statuses),
            accounts=tuple(each for one in last for each in one.accounts),
            readers=tuple(each for one in last for each in one.readers),
            published=tuple(each for one in last for each in one.published),
            everything=any(one.everything for one in last),
        )
