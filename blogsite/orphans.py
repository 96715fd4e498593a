"""A worker ends with the server that began it, whose port nobody else could have meanwhile."""

from __future__ import annotations

import logging
import os
import signal
import threading
import time
from multiprocessing import parent_process
from multiprocessing.process import BaseProcess

log = logging.getLogger(__name__)
# Seconds for what is under way. The server takes up to two more, and Docker kills it after ten.
LONGEST_STOP = 8


def end_with_parent() -> None:
    """Watch the process that began this one, if multiprocessing did (as granian's workers)."""
    if parent := parent_process():
        threading.Thread(target=_wait_for, args=(parent,), name="parent", daemon=True).start()


def _wait_for(parent: BaseProcess) -> None:
    parent.join()
    log.warning("The server that began this worker is gone, so it ends, too.")
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(LONGEST_STOP)
    os._exit(1)
