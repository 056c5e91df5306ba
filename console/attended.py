"""`python -m console.attended …`: a command of ours that lives no longer than whoever started it.

Its standard input is a pipe that the starter holds open. When that ends, however it does, the command is interrupted as
by Ctrl-C: it ends cleanly and visits nobody behind the back of a new scheduler.
"""

from __future__ import annotations

import os
import signal
import sys
import threading


def end_with_starter() -> None:
    """Interrupts this process when its standard input is closed. Called from the main thread."""
    # A shell that starts a process in the background leaves SIGINT ignored, and children inherit that.
    signal.signal(signal.SIGINT, signal.default_int_handler)

    def watch() -> None:
        while os.read(sys.__stdin__.fileno() if sys.__stdin__ else 0, 1024):
            pass
        os.kill(os.getpid(), signal.SIGINT)

    threading.Thread(target=watch, name="starter", daemon=True).start()


if __name__ == "__main__":
    from console.cli import main

    end_with_starter()
    main()
