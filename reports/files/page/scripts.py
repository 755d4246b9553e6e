"""The scripts and styles of the file that holds the model; those of its strip serve the What if page too."""

from pathlib import Path

from reports.program import SCRIPT
from reports.words.palette import OPTION_COLOURS

HERE = Path(__file__).parent


def text(name: str) -> str:
    """A file of this folder."""
    return HERE.joinpath(name).read_text(encoding="utf-8")


def plain(*scripts: str) -> str:
    """Modules as one script, which a page and a worker can both run."""
    return "\n".join(scripts).replace("\nexport ", "\n")


STRIP_JS = "\n".join((SCRIPT, text("strip.js")))
WORKER_JS = plain(STRIP_JS, text("worker.js"), "serve()")
PAGE_JS = plain(STRIP_JS, *map(text, ("charts.js", "sentences.js", "csv.js", "months.js", "worker.js", "main.js")))
CSV_JS = text("csv.js")
STRIP_CSS = "\n".join((
    text("strip.css"), *(f".c{i} {{ --c: {colour}; }}" for i, colour in enumerate(OPTION_COLOURS)),
))  # fmt: skip
