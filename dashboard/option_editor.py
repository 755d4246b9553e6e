"""The editor of one option: its choices from the catalogues, its fields with their sources, its cost."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Any

import numpy as np
import streamlit as st

from costmodel.best_shares import cheapest_split
from costmodel.errors import ScenarioError
from costmodel.lines import LINES
from costmodel.names import first_free
from costmodel.option import KINDS
from costmodel.scenario import Scenario, free_slug, has, paths, with_option, without_option
from dashboard import axes, charts, components, messages, own_prices, state, widgets
from dashboard.messages import Entry
from pricing.choices import value_at
from pricing.facts import Fact
from pricing.market import model_of
from pricing.marks import REFUSED, Mark
from pricing.selectors import Selector, completed, new_option, picked_of, selectors_of, written
from reports.words.cards import card
from reports.words.commitment import term_said, terms, without_discount
from reports.words.finding import matching
from reports.words.labels import path_name
from reports.words.measure import measure, measured
from reports.words.money import converted, shown
from reports.words.order import difference, marked
from reports.words.palette import option_colours
from reports.words.parts import months_title, parts
from reports.words.plain import typeset
from reports.words.text import amount_each, field_name, percent, usd, usd_each
from reports.words.verdict import span

NEW = "new"  # prefix of the keys of the form that adds an option
RUNS = "runs_today"  # the switch that stands beside the option's name
BESIDE = ("label", RUNS, REFUSED)  # what is entered above the catalogues
ACTIONS = "option_actions"  # where it is said what became of copying and removing
AT_LIST_PRICE = (
    "These servers run today and are still charged at list price, as if they were bought anew: enter what they would "
    "fetch if they were sold."
)
NUMBERED = re.compile(r" \(\d+\)$")  # a name that another option had already
ADD, EVERY, FIND = "add_option", "every_number", "number_find"  # keys of the form, of all fields, of the search in them


def kind_name(kind: str) -> str:
    """A kind of option for readers."""
    return KINDS[kind].title


def cards() -> str:
    """A card for each option in its colour, with its cost and one line that says what it is; the slug chosen."""
    comparison, slugs = state.comparison(), list(state.scenario().options)
    chosen = st.session_state.get("option")
    st.session_state["option"] = chosen if chosen in slugs else slugs[0]  # on every run: its labels follow the costs
    colours = option_colours(slugs)
    st.html("<style>" + "".join(
        f'.st-key-option [role="radiogroup"] > :nth-child({place}) {{ border-left-color: {colours[slug]}; }}'
        for place, slug in enumerate(slugs, start=1)) + "</style>")  # fmt: skip

    scenario = state.scenario()
    names = {slug: f"{marked(scenario, slug)}: {usd(cost.net_present_cost_usd)}, {difference(comparison, slug)}"
             for slug, cost in comparison.costs.items()}  # fmt: skip
    labels = {slug: components.plain(name) for slug, name in names.items()}
    lines = [components.plain(card(state.current(), comparison, slug)) for slug in slugs]
    return st.radio("Option", slugs, format_func=labels.get, captions=lines, key="option", width="stretch")


def add_form() -> None:
    """Choose a kind and what it is from the catalogues, and add it to the comparison."""
    with components.fold("Add an option", icon=":material/add:", key=ADD) as form:
        if not form.open:
            return
        kinds = list(KINDS)
        kind = st.segmented_control(
            "Kind", kinds, format_func=kind_name, default=kinds[0], required=True, key=f"{NEW}:kind"
        )
        picked: dict[str, Any] = {}
        selectors, named = selectors_of(KINDS[kind]), KINDS[kind].candidates(state.scenario().options)
        alike, names = _first_of(kind), widgets.option_names()
        columns, own = iter(st.columns(len(selectors) + len(named) or 1)), own_prices.known()
        for selector in selectors:
            offered = list(selector.values(picked, own))
            start = offered.index(alike[selector.field]) if alike.get(selector.field) in offered else 0
            key = f"{NEW}:{kind}:{selector.field}"
            picked[selector.field] = next(columns).selectbox(
                selector.label, offered, start, format_func=_told(selector, picked, own), key=key
            )
        for field, slugs in named.items():
            start = slugs.index(_cheapest(slugs)) if field == "bridge_option" else 0
            key = f"{NEW}:{kind}:{field}"
            picked[field] = next(columns).selectbox(
                field_name(field), slugs, start, format_func=lambda slug: typeset(names[slug]), key=key
            )
        suggestion = label_for(kind, picked)
        st.text_input("Name", placeholder=typeset(suggestion), key=f"{NEW}:label")
        st.button("Add to the comparison", type="primary", on_click=_add, args=(kind, suggestion, picked))
        components.said_of(NEW)


def _told(selector: Selector, picked: Mapping[str, Any], own: Sequence[Fact]) -> Callable[[Any], str]:
    """How a choice is told beside what was picked before it."""
    before = dict(picked)
    return lambda value: typeset(selector.told(before, value, own=own))


def _first_of(kind: str) -> dict[str, Any]:
    """What was chosen for the first option of the kind that is there already; a new one starts from it."""
    return next((picked_of(option) for option in state.scenario().options.values() if option.kind == kind), {})


def _cheapest(slugs: Sequence[str]) -> str:
    """The option among these that costs least; '', which is nobody, where there is no other."""
    return min(filter(None, slugs), key=lambda slug: state.comparison()[slug].net_present_cost_usd, default="")


def label_for(kind: str, picked: Mapping[str, Any]) -> str:
    """A name for a new option from what was chosen for it."""
    main = [picked[selector.field] for selector in selectors_of(KINDS[kind]) if selector.names_option]
    return f"{main[0]} ({kind_name(kind)})"[:80] if main else kind_name(kind)


def _labels(*, but: str = "") -> set[str]:
    """The names of all options but one."""
    return {option.label for slug, option in state.scenario().options.items() if slug != but}


def free_label(label: str) -> str:
    """The label, with a number where another option has it already: after 'Server' and 'Server (2)' 'Server (3)'."""
    base = NUMBERED.sub("", label)[:74]
    return first_free(label, lambda number: f"{base} ({number})", _labels())


def _add(kind: str, suggestion: str, picked: Mapping[str, Any]) -> None:
    label = free_label(st.session_state[f"{NEW}:label"].strip() or suggestion)
    slug, own = free_slug(state.scenario(), label[:40]), own_prices.known()
    added = lambda now: with_option(now, slug, new_option(kind, label, picked, now.workload, own))  # noqa: E731
    if state.replace(added, Entry(NEW), own=own):
        st.session_state.update({"option": slug, ADD: False})


def actions(slug: str) -> None:
    """Copy, rename, remove, and mark what runs today."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        with st.container(width="stretch"):
            widgets.text(f"options.{slug}.label", label="Name", take=_rename)
        st.button("Copy", icon=":material/content_copy:", on_click=_copy, args=(slug,))
        st.button("Remove", icon=":material/delete:", on_click=_remove, args=(slug,))
    components.said_of(f"{ACTIONS}:{slug}")
    _replacement(slug)
    option = state.scenario().options[slug]
    if option.serves_itself():
        widgets.switch(f"options.{slug}.{RUNS}")
    if option.serves_itself() and model_of(option):
        widgets.switch(f"options.{slug}.{REFUSED}", take=_refuse)


def _refuse(moved: Sequence[str], key: str) -> None:
    """Refuse the option's model, or leave open whether it is good enough: a mark of the model, wherever it serves."""
    (path,) = moved
    name, marks = model_of(state.scenario().options[path.split(".")[1]]), state.current().marks
    said = False if st.session_state[key] else None
    state.mark(name, replace(marks.get(name, Mark()), accepted=said), Entry(key, said, not said))


def _rename(moved: Sequence[str], key: str) -> None:
    (path,), label = moved, st.session_state[key]
    entry = Entry(key, label, state.scenario()[path])
    if label.strip() in _labels(but=path.split(".")[1]):
        messages.refuse(f"There is another option named {label.strip()!r}; choose a different name.", entry)
    else:
        state.edit({path: label}, entry)


def _copy(slug: str) -> None:
    option = state.scenario().options[slug]
    new = free_slug(state.scenario(), slug)
    copied = {**dict(option), "label": free_label(option.label)}
    if state.replace(lambda now: with_option(now, new, copied), Entry(f"{ACTIONS}:{slug}")):
        st.session_state["option"] = new


def _remove(slug: str, instead: Mapping[str, str] = MappingProxyType({})) -> None:
    """Remove an option, at once with naming others `instead` of it, by path."""
    gone = list(state.scenario().options).index(slug)
    if state.replace(lambda now: without_option(now.vary(dict(instead)), slug), Entry(f"{ACTIONS}:{slug}")):
        left = list(state.scenario().options)
        st.session_state["option"] = left[min(gone, len(left) - 1)]


def _replacement(slug: str) -> None:
    """Where an option could not be removed because others rely on it: who could take its place, and removing it so."""
    told, options = messages.told(f"{ACTIONS}:{slug}"), state.scenario().options
    relying = {f"options.{other}.{field}": option.candidates(options)[field]
               for other, option in options.items() for field, named in option.relies_on().items()
               if named == slug}  # fmt: skip
    if not (told and told.refused and relying):
        return
    able = [other for other in options if all(other in known for known in relying.values()) and other != slug]
    offered = [*able, *([""] if all("" in known for known in relying.values()) else [])]
    if not offered:
        return
    start = offered.index(_cheapest(able)) if able else 0
    with st.container(horizontal=True, vertical_alignment="bottom"):
        instead = st.selectbox("Takes its place", offered, start, format_func=widgets.option_names().get,
                               key=f"{ACTIONS}:{slug}:instead")  # fmt: skip
        st.button("Replace and remove", icon=":material/swap_horiz:", on_click=_remove,
                  args=(slug, dict.fromkeys(relying, instead)))  # fmt: skip


def catalogue(slug: str) -> None:
    """The option's choices from the catalogues; a new choice writes the fields that belong to it."""
    option = state.scenario().options[slug]
    picked: dict[str, Any] = {}
    own, selectors = own_prices.known(), selectors_of(option)
    if selectors:
        st.header("From the catalogues")
    for selector in selectors:
        offered = list(selector.values(picked, own)) if all(picked.values()) else []
        now = value_at(option, selector.field)
        key = f"pick:{slug}:{selector.field}"
        st.session_state[key] = now
        shown = offered if now in offered else [now, *offered]
        st.selectbox(
            selector.label,
            shown,
            format_func=_told(selector, picked, own),
            key=key,
            on_change=_choose,
            args=(slug, selector.field, key),
        )
        components.said_of(key)
        picked[selector.field] = now if now in offered else None
    _standing(slug)
    _commitment(slug, without_discount(option, own), own)


def _standing(slug: str) -> None:
    """Where own servers stand already and nobody said what they are worth: that they are charged at list price."""
    option, path = state.scenario().options[slug], f"options.{slug}.server_price_usd"
    if not option.runs_already(state.scenario().options) or not has(state.scenario(), path):
        return
    if path in state.current().entered:
        return
    st.caption(components.plain(AT_LIST_PRICE))
    where, _ = place_of(state.scenario(), path)
    st.button("Enter what they would fetch", on_click=st.session_state.update, args=(where,))


def _commitment(slug: str, asked: str, own: Sequence[Fact]) -> None:
    """Where no price of its commitment is known: that this is so, the price to enter, and the terms that have one."""
    if not asked:
        return
    st.warning(components.plain(asked))
    path = f"options.{slug}.{{}}"
    where, _ = place_of(state.scenario(), path.format("reserved_usd_per_gpu_hour"))
    st.button("Enter a price", on_click=st.session_state.update, args=(where,))
    for months, price in terms(state.scenario().options[slug], own).items():
        key = f"term:{slug}:{months}"
        changes = {path.format("term_months"): months, path.format("reserved_usd_per_gpu_hour"): price}
        st.button(components.plain(term_said(months, price)), key=key, on_click=state.edit,
                  args=(changes, Entry(key), own))  # fmt: skip


def _choose(slug: str, field: str, key: str) -> None:
    option, workload = state.scenario().options[slug], state.scenario().workload
    own = own_prices.known()
    term = {"term_months": option.term_months} if option.paid_round_the_clock() else {}
    before = picked_of(option) | term
    try:
        picked = completed(option.kind, {**before, field: st.session_state[key]}, own) | term
        new = _flat(written(option.kind, picked, workload, own), f"options.{slug}.")
    except ScenarioError as refusal:
        messages.refuse(state.in_words(refusal), Entry(key))
        return
    try:
        old = _flat(written(option.kind, before, workload, own), f"options.{slug}.")
    except ScenarioError:
        old = {}
    changed = {path: value for path, value in new.items() if path not in old or old[path] != value}
    state.edit(changed, Entry(key), own)


def _flat(groups: Mapping[str, Any], prefix: str) -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for name, value in groups.items():
        flat |= _flat(value, f"{prefix}{name}.") if isinstance(value, Mapping) else {f"{prefix}{name}": value}
    return flat


def every_number(slug: str) -> None:
    """Every field of the option with the source of its value beside it: those that are looked for, or all by group."""
    picked = picked_of(state.scenario().options[slug])
    hidden = {f"options.{slug}.{name}" for name in ("kind", *BESIDE, *picked)}
    members = [path for path in paths(state.scenario(), under=f"options.{slug}") if path not in hidden]
    with components.fold(f"Every number ({len(members)})", key=EVERY) as box:
        if not box.open:
            return
        wanted = st.text_input("Find among them", key=FIND, placeholder="price, utilisation, staff")
        if wanted.strip():
            found = matching(state.scenario(), wanted, members)
            widgets.with_sources(found)
            if not found:
                st.caption("None of them is called so; try one word, such as price.")
            return
        for group, fields in _grouped(slug, members).items():
            title = f"{field_name(group) if group else 'Terms'} ({len(fields)})"
            with components.fold(title, key=f"group:{slug}:{group}") as inner:
                if inner.open:
                    widgets.with_sources(fields)


def place_of(scenario: Scenario, path: str) -> tuple[dict[str, Any], str]:
    """(what has to be chosen on the page so that the input of an option's field is there, the key of that input)."""
    _, slug, name = path.split(".", 2)
    if name in picked_of(scenario.options[slug]):
        return {"option": slug}, f"pick:{slug}:{name}"
    if name in BESIDE:
        return {"option": slug}, f"field:{path}"
    return {"option": slug, EVERY: True, FIND: path_name(scenario, path).partition(": ")[2]}, f"field:{path}"


def _grouped(slug: str, members: Sequence[str]) -> dict[str, list[str]]:
    groups: dict[str, list[str]] = {}
    for path in members:
        groups.setdefault(path.removeprefix(f"options.{slug}.").rpartition(".")[0], []).append(path)
    return groups


def result(slug: str) -> None:
    """What the option costs, line by line."""
    comparison = state.comparison()
    cost = comparison[slug]
    told = measure(comparison.scenario)
    st.metric(components.plain(f"Cost over {span(comparison.scenario.finance.horizon_months)}, {told.said}"),
              usd(cost.net_present_cost_usd))  # fmt: skip
    rows = [(LINES[name].label, usd(total)) for lines in parts(cost).values() for name, total in lines.items()]
    components.table(["Line", told.name], [*rows, ("All lines", usd(cost.net_present_cost_usd))], numeric=[1], sums=1)


def months(slug: str) -> None:
    """What the option costs month by month, by group of lines."""
    comparison = state.comparison()
    cost = comparison[slug]
    title = months_title(cost)
    components.chart(
        title,
        charts.monthly_stack(cost, comparison.months),
        key="months",
        measure=f"Cost of each month, {measured(comparison.scenario)}",
        height=320,
        alt=f"Cost of {cost.label} by month, stacked by group of lines. {title}.",
    )


def price_path(slug: str) -> None:
    """Of an option that rents tokens: what a million of them costs in each month, where that changes."""
    cost = state.comparison()[slug]
    known = cost.task.known() if cost.lines else {}
    output, given = known.get("output_price"), known.get("input_price")
    if output is None or not (np.ptp(output[1:]) or np.ptp(given[1:])):
        return
    curves = [("Output", converted(output), charts.ACCENT), ("Input", converted(given), charts.MUTED)]
    title = f"A million tokens of output: {usd_each(output[1])} in the first month, {usd_each(output[-1])} in the last"
    components.chart(
        title,
        charts.over_time(state.comparison().months, curves, axes.price_axis(),
                         axes.month_axis(state.scenario(), ""), amount_each, shape="hv"),
        key="price_path", measure=f"{shown().code} per million tokens in each month", height=260,
        alt=f"Price of a million tokens of {cost.label} in each month. {title}.",
        note="With discounts and surcharges, announced changes, and the yearly fall or rise after them.",
    )  # fmt: skip


def best_share(slug: str) -> None:
    """Of an option that mixes others: the share that would cost least."""
    found = cheapest_split(state.analysis().scenario, slug)
    if found is None:
        return
    if len(found.best) == 1:
        components.chart(
            f"Cheapest with {percent(found.best[0])} {found.of}",
            charts.share_curve(found, state.scenario()[f"options.{slug}.{found.fields[0]}"]),
            key="best_share",
            measure=f"Whole horizon, {measured(state.scenario())}",
            height=280,
            alt=f"Cost by the share {found.of}: least at {percent(found.best[0])}.",
            note="Whole servers make steps; what must stay on the premises is the least share. Dotted: today.",
        )
    else:
        split = " / ".join(percent(share) for share in found.best)
        st.markdown(
            f"Cheapest split that keeps two providers: **{split}**, {components.plain(usd(found.costs.min()))}."
        )
