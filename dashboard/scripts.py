"""Scripts of the page's elements, as modules under addresses that browsers keep.

Streamlit sends an element's script along with every message of that element. So what it is given only fetches a module
of ours, once, and none is fetched by a page that does not show its element.
"""

from hashlib import sha256
from pathlib import Path

from pydantic_core import to_json

from reports.files.page.scripts import CSV_JS, STRIP_JS, WORKER_JS

HERE = Path(__file__).parent
URL = "/scripts/"
MODULES = {path.name: path.read_text(encoding="utf-8") for path in sorted(HERE.glob("*.js"))} | {
    "csv.js": CSV_JS,
    "engine.js": STRIP_JS,  # the interpreter, its words and the strip
    "worker.js": WORKER_JS,  # the same for a worker
}
VERSION = sha256(to_json(MODULES)).hexdigest()[:16]


def module(name: str) -> str:
    """The script of an element whose own is the default export of a module; these import each other by `./name.js`.

    Where it cannot be fetched, the element does nothing.
    """
    return f"""const {{ default: own }} = await import(`${{location.origin}}{URL}{VERSION}/{name}`).catch(() => ({{}}))
export default own ?? (() => {{}})"""
