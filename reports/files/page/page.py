"""The one HTML file: verdict, tiles, curves, bars, strip, volume, months, assumptions with sources, method in words.

It asks no host for anything and runs its own script alone: a policy in its head allows that by hash. Names and texts of
readers are escaped, and are data to the script.
"""

import json
from base64 import b64encode
from collections.abc import Iterable, Sequence
from hashlib import sha256
from html import escape

from answers.analysis import Analysis
from costmodel.comparison import Comparison
from pricing.dates import day
from reports.files.file_names import file_name
from reports.files.markup import Cell, set_as_html, table
from reports.files.page.scripts import PAGE_JS, STRIP_CSS, text
from reports.files.page.told import colour_classes, told
from reports.words.briefing import DOTTED, Briefing, curves_title, sale_note, told_as_shown
from reports.words.measure import measure, note
from reports.words.method import cost_lines, definitions
from reports.words.money import rate_note
from reports.words.order import difference, marked
from reports.words.palette import GROUP_COLOURS
from reports.words.parts import NOTE as PARTS_NOTE
from reports.words.parts import groups, largest_part_title
from reports.words.price_path import prices_told
from reports.words.register import cited, register
from reports.words.strip import NOTE as STRIP_NOTE
from reports.words.text import usd, usd_each
from reports.words.verdict import asked, verdict

ASSUMPTIONS = ("Assumption", "Value", "For", "Source", "As of", "Confidence")
SOURCES = ("Source", "Values", "As of", "Confidence")
TITLE = "What would have to be true for another answer"
FIXED = "Numbers that are not rows here, choices and whole numbers of months are moved in the dashboard."


@told_as_shown
def page(briefing: Briefing, analysis: Analysis, *, by: str = "") -> bytes:
    """The file, UTF-8; `by` is who made it, where somebody says so."""
    data = told(analysis, file_name(analysis.opened.short_name, "months.csv", briefing.on))
    script, style = PAGE_JS, _style()
    body = "".join(
        (
            _head(briefing, by),
            _tiles(briefing),
            _pictures(briefing),
            _strip(),
            _volume(),
            _months(data),
            *_tables(briefing),
        )
    )
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{_policy(script, style)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{escape(f"{briefing.name}: Crossover")}</title>
<style>{style}</style>
</head>
<body>
{body}
<script type="application/json" id="told">{_data(data)}</script>
<script>{script}</script>
</body>
</html>
""".encode()


def _policy(script: str, style: str) -> str:
    return (
        f"default-src 'none'; script-src {_hash(script)}; style-src {_hash(style)}; worker-src blob:; "
        "base-uri 'none'; form-action 'none'"
    )


def _hash(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"


def _style() -> str:
    groups = [f".g{i} {{ --c: {colour}; }}" for i, colour in enumerate(GROUP_COLOURS.values())]
    return "\n".join((text("page.css"), STRIP_CSS, *groups))


def _data(data: object) -> str:
    """JSON that ends no script and begins no comment; what is no number is null."""
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")


def _head(briefing: Briefing, by: str) -> str:
    found, discounted = verdict(briefing.comparison), note(briefing.comparison.scenario)
    made = f"Made {f'by {by} ' if by else ''}on {day(briefing.on)}"
    versions = (f"{name[:1].upper()}{name[1:]}: {value}" for name, value in briefing.versions.items())
    basis = ". ".join(filter(None, (made, *versions, rate_note())))
    more = (briefing.accepted, briefing.met, prices_told(briefing.comparison), briefing.decides)
    return f"""<header>
<p class="kicker"><b>Crossover</b> {set_as_html(briefing.name)} · {set_as_html(asked(briefing.comparison.scenario))}</p>
<h1 id="headline" tabindex="-1">{set_as_html(found.headline)}</h1>
<p id="owning" class="owning">{set_as_html(found.owning)}</p>
<p id="more" class="owning">{set_as_html(" ".join(filter(None, more)))}</p>
<p class="about">{set_as_html(briefing.about)}</p>
<p class="about">{set_as_html(f"{basis}. {discounted}")}</p>
<noscript><p class="about">Charts and levers need the script of this file, which is not run here.</p></noscript>
<p id="spoken" class="unseen" aria-live="polite"></p>
<button id="reset" type="button" hidden>Back to the numbers as they were</button>
</header>
<main>
"""


def _tiles(briefing: Briefing) -> str:
    comparison, said = briefing.comparison, measure(briefing.comparison.scenario).said
    colours = colour_classes(comparison.costs)
    cells = (
        f'<div class="tile {colours[slug]}" data-tile="{escape(slug)}">'
        f'<p class="name">{set_as_html(marked(comparison.scenario, slug))}</p>'
        f'<p class="value">{usd(cost.net_present_cost_usd)}</p><p class="detail">{set_as_html(said)}</p>'
        f'<p class="detail each">{usd_each(cost.levelized_cost_usd_per_mtok)} per million of its tokens</p>'
        f'<p class="detail against">{set_as_html(difference(comparison, slug))}</p></div>'
        for slug, cost in ((slug, comparison[slug]) for slug in comparison.ranking)
    )
    return f'<div id="tiles" class="tiles">{"".join(cells)}</div>'


def _pictures(briefing: Briefing) -> str:
    comparison, title = briefing.comparison, curves_title(briefing.comparison, briefing.chosen)
    notes = note(comparison.scenario), DOTTED, sale_note(comparison, crosses=True)  # levers may bring what is not yet
    return f"""<div class="columns">
{_picture("curves", title, set_as_html(" ".join(filter(None, notes))))}
{_picture("bars", largest_part_title(comparison), f"{_legend(comparison)}{PARTS_NOTE}")}
</div>
"""


def _picture(name: str, title: str, words: str) -> str:
    return (
        f'<section><h2 id="{name}-title">{set_as_html(title)}</h2><div id="{name}" class="picture"></div>'
        f'<p class="note">{words}</p></section>'
    )


def _legend(comparison: Comparison) -> str:
    found, numbers = groups(comparison, comparison.ranking), {name: i for i, name in enumerate(GROUP_COLOURS)}
    keys = " ".join(f'<span class="key"><span class="dot g{numbers[name]}"></span>{name}</span>' for name in found)
    return f'<span class="keys">{keys}</span>'


def _strip() -> str:
    return (
        f'<section><h2>{TITLE}</h2><p class="note">{STRIP_NOTE} Drag a handle, or use the arrow keys: figures, curves '
        f'and all other rows follow. {FIXED}</p><div id="strip" class="strip"></div></section>'
    )


def _volume() -> str:
    return _picture("volume", "", "Cost per million tokens over the horizon, discounted alike.")


def _months(data: dict) -> str:
    names = "".join(
        f'<option value="{escape(slug)}">{set_as_html(option["label"])}</option>'
        for slug, option in data["options"].items()
    )
    return f"""<details id="months"><summary>Cash by month and line</summary>
<p><label>Option <select id="whose">{names}</select></label>
<button id="csv" type="button">All options as CSV</button></p>
<p class="note">Cash as it is paid, {data["money"]["code"]}, with the levers as they stand; credits are negative.
The CSV has all digits, and each line in today’s money beside it.</p>
<div id="cash" class="scroll" tabindex="0"></div></details>
"""


def _tables(briefing: Briefing) -> Iterable[str]:
    entries = register(briefing.comparison.scenario, briefing.origins)
    yield _folded(
        "Assumptions with their sources", ASSUMPTIONS,
        [(e.what, e.value, e.whose, e.source, e.as_of.isoformat() if e.as_of else "", e.confidence) for e in entries],
        printed=True, numeric=(1,),
    )  # fmt: skip
    yield _folded(
        "Sources", SOURCES,
        [((s.title, s.address), str(s.values), s.as_of.isoformat() if s.as_of else "", s.confidence)
         for s in cited(briefing.origins)],
        printed=True, numeric=(1,),
    )  # fmt: skip
    lines = [line[:4] for line in cost_lines()]
    yield _folded("How each cost line is worked out", ("Line", "Group", "Units", "Meaning and assumptions"), lines)
    method = [(name, unit, text) for entries in definitions().values() for name, unit, text in entries]
    yield _folded("How every number is worked out", ("Quantity", "Unit", "Meaning and assumptions"), method)
    yield "</main>"


def _folded(title: str, columns: Sequence[str], rows: Sequence[Sequence[Cell]], *, printed: bool = False,
            numeric: Sequence[int] = ()) -> str:  # fmt: skip
    kind = ' class="printed"' if printed else ""
    return f"<details{kind}><summary>{title}</summary>{table(columns, rows, numeric=numeric)}</details>"
