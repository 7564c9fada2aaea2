"""The garbage collector of a process that folds a whole log."""

import contextlib
import gc
from collections.abc import Iterator


@contextlib.contextmanager
def collecting_rarely() -> Iterator[None]:
    """Let the garbage collector look seldom, and not at what was there before.

    A batch makes hundreds of thousands of objects that live until its end. To walk over them, and over all modules,
    each time that some more were made took a tenth of the time.
    """
    before, frozen = gc.get_threshold(), gc.get_freeze_count()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)
    try:
        yield
    finally:
        gc.set_threshold(*before)
        if not frozen:
            gc.unfreeze()
