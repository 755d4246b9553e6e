"""Files that are made on a click stay until the browser has asked for them, also where many visitors are about.

Streamlit tells a browser the address of such a file and names it on no page. When a script ends, whoever's it is, it
marks what no page names, and at the next one's end drops it: in the time that an answer takes to a browser and back,
two of many visitors are done. So it looks for such files seldom, and each outlives one look.
"""

import time
from collections.abc import Callable

from streamlit.runtime.media_file_manager import MediaFileManager

KEPT_S = 10.0  # at least: longer than any way to a browser and back, and short enough for few files to pile up


def keep_a_while(files: MediaFileManager, now: Callable[[], float] = time.monotonic) -> None:
    """Let the files that no page names, and what makes them, be looked for once in so many seconds."""
    remove, looked = files.remove_orphaned_files, now()

    def seldom() -> None:
        nonlocal looked
        if now() - looked >= KEPT_S:
            looked = now()
            remove()

    files.remove_orphaned_files = seldom  # type: ignore[method-assign]
