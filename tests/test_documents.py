"""Scenarios as files and links: what is written opens as the same scenario, what is damaged is refused."""

import base64
import json
import zlib
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

import pytest
from hypothesis import given
from hypothesis import strategies as st

from costmodel.comparison import compare
from costmodel.demand import busy_frac, curve_height, peak_ratio
from costmodel.errors import ScenarioError
from costmodel.fields import number_of
from costmodel.option import KINDS
from costmodel.scenario import Scenario, differences, fields, free_slug, numbers, with_option, without_option
from costmodel.uncertainty.ranges import Range
from pricing import documents
from pricing.documents import Opened, document, from_json, from_link, opened, to_json, to_link
from pricing.migrations import STEPS
from pricing.presets import DEFAULT, preset, presets
from pricing.selectors import completed, new_option
from reports.words.verdict import verdict
from tests.neutral import plain
from tests.sentence import one_sentence

REQUESTS = "workload.requests_per_month"
MONTH = "workload.start_month"
GROWTH, DISCOUNT = "workload.growth_per_year", "finance.discount_rate_per_year"
LABEL = f"options.{next(iter(preset(DEFAULT).scenario.options))}.label"
HEAD = {"format": documents.FORMAT, "version": documents.VERSION, "preset": DEFAULT}
TEXTS = st.text(st.characters(categories=["L", "N", "P", "S"]), min_size=1, max_size=20)


def same(before: Opened, after: Opened) -> None:
    assert plain(after.scenario) == plain(before.scenario)
    assert list(after.scenario.options) == list(before.scenario.options)
    assert (after.preset, after.name, dict(after.ranges)) == (before.preset, before.name, dict(before.ranges))
    assert dict(after.correlations) == dict(before.correlations)


def new_value(draw, scenario: Scenario, path: str, record: type, name: str) -> Any:
    """Some other value that the field at `path` allows."""
    number, annotation = number_of(record, name), record.model_fields[name].annotation
    if number and number.whole:
        return draw(st.integers(int(number.low), int(number.high)))
    if number:
        return draw(st.floats(number.low, number.high, allow_subnormal=False))
    if annotation is bool:
        return draw(st.booleans())
    if get_origin(annotation) is Literal:
        return draw(st.sampled_from(get_args(annotation)))
    return scenario[path] if name.endswith("_option") or name == "kind" else draw(TEXTS)


def edited(draw, scenario: Scenario) -> Scenario:
    """The scenario after one edit; ScenarioError when the edit does not fit."""
    slug = draw(st.sampled_from(list(scenario.options)))
    match draw(st.sampled_from(["value", "value", "value", "add", "copy", "remove", "order"])):
        case "value":
            path, record, name = draw(st.sampled_from([*fields(scenario)]))
            return scenario.vary({path: new_value(draw, scenario, path, record, name)})
        case "add":
            kind = draw(st.sampled_from(list(KINDS)))
            option = new_option(kind, draw(TEXTS), completed(kind, {}))
            return with_option(scenario, free_slug(scenario, kind), option)
        case "copy":
            return with_option(scenario, free_slug(scenario, slug), scenario.options[slug])
        case "remove":
            return without_option(scenario, slug)
        case "order":
            order = draw(st.permutations(list(scenario.options)))
            return scenario.vary({}, options={name: scenario.options[name] for name in order})


@st.composite
def edited_presets(draw) -> Opened:
    slug = draw(st.sampled_from(list(presets())))
    scenario = preset(slug).scenario
    for _ in range(draw(st.integers(0, 6))):
        try:
            scenario = edited(draw, scenario)
        except ScenarioError:
            continue
    ranged = draw(st.lists(st.sampled_from(list(numbers(scenario))), max_size=2, unique=True))
    ranges = {path: Range(scenario[path], scenario[path], numbers(scenario)[path].high, "uniform") for path in ranged}
    pair = tuple(sorted(draw(st.lists(st.sampled_from(list(numbers(scenario))), min_size=2, max_size=2, unique=True))))
    correlations = draw(st.just({}) | st.builds(lambda value: {pair: value}, st.floats(-0.99, 0.99)))
    return Opened(scenario, slug, draw(st.just("") | TEXTS), ranges, correlations)


@pytest.mark.parametrize("slug", presets())
def test_a_preset_opens_again_from_a_document_without_changes(slug):
    before = Opened(preset(slug).scenario, slug)
    assert document(before) == {**HEAD, "preset": slug}
    same(before, from_json(to_json(document(before))))
    same(before, from_link(to_link(document(before))))


@given(edited_presets())
def test_any_edits_open_again_from_file_and_link(before):
    same(before, opened(document(before)))
    same(before, from_json(to_json(document(before))))
    same(before, from_json(to_json(document(before)).encode()))
    same(before, from_link(to_link(document(before))))


@pytest.mark.parametrize("batch", [0, 0.4])
def test_a_load_curve_entered_before_the_variation_keeps_its_shape(batch):
    entered = {"workload.peak_to_mean_ratio": 6, "workload.batch_frac": batch}
    scenario = opened({**HEAD, "version": 2, "changes": entered}).scenario
    assert scenario["workload.busy_hours_frac"] == 0.35, "that of the preset then"
    assert float(peak_ratio(scenario)) == 6 * (1 - batch) + batch
    height = float(peak_ratio(scenario) * busy_frac(scenario))
    assert float(curve_height(scenario)) == pytest.approx(height), "the curve begins at the busiest hour"
    untouched = opened({**HEAD, "version": 2, "changes": {REQUESTS: 5e6}}).scenario
    assert untouched.workload.load_variation_ratio == preset(DEFAULT).scenario.workload.load_variation_ratio


def test_a_document_from_before_the_peak_rule_keeps_its_verdict_and_says_that_the_rule_is_off():
    text = (Path(__file__).parent / "document_of_version_2.json").read_text("utf-8")
    comparison = compare(from_json(text).scenario)
    options = comparison.scenario.options
    assert comparison.ranking[0] == "haiku", "its account of 3,000 tokens a second carries a hundredth of the peak"
    assert comparison.allowed == tuple(options)
    assert "and the rule that it must is off." in verdict(comparison).owning
    assert not comparison["haiku"].carries_peak
    asked = compare(comparison.scenario.vary({"rules.peak_must_be_carried": True}))
    assert {"haiku", "open_api"}.isdisjoint(asked.allowed)
    windows = {slug: option.longest_request_tokens() for slug, option in options.items()}
    assert (windows["haiku"], windows["rack"], windows["shops"]) == (1_000_000, 131_072, 0)


def test_a_range_of_the_readers_keeps_the_value_that_it_was_made_for():
    path = "options.open_api.rate_limit_tok_per_s"
    ranges = {path: [8e5, 9e5, "uniform"], "workload.transfer_bytes_per_token": [10, 90, "pert"]}
    found = opened({**HEAD, "version": 2, "preset": "media", "ranges": ranges})
    assert (found.scenario[path], found.scenario["workload.transfer_bytes_per_token"]) == (850_000, 35)
    assert found.ranges[path].high == 9e5


def test_a_document_that_changes_nothing_is_its_preset_of_today():
    found = opened({**HEAD, "version": 2, "preset": "media", "name": "As it comes"})
    assert plain(found.scenario) == plain(preset("media").scenario)


@pytest.mark.parametrize("part", [[1], "x", {"a": 1}, {"a": {"serving": {"model": 7}}}, {"a": {"device": None}}])
def test_a_damaged_older_document_is_refused_in_a_sentence(part):
    for name in ("changes", "added", "ranges"):
        with pytest.raises(ScenarioError) as refusal:
            opened({**HEAD, "version": 2, name: part})
        one_sentence(str(refusal.value))


def test_a_file_and_a_link_of_version_1_open():
    first = {**HEAD, "version": 1, "changes": {REQUESTS: 5e6}, "ranges": {REQUESTS: [1e6, 9e6, "pert"]}}
    for found in (from_json(json.dumps(first)), from_link(to_link(first))):
        assert found.scenario[REQUESTS] == 5e6
        assert found.ranges[REQUESTS].high == 9e6
    assert set(range(1, documents.VERSION)) == set(STEPS), "each older version has its step"


@pytest.mark.parametrize(("changes", "start"), [({}, (2027, 1)), ({MONTH: 7}, (2027, 7)), ({MONTH: 12}, (2026, 12))])
def test_a_document_from_before_the_calendar_starts_when_it_would_have_in_its_time(changes, start):
    found = from_json(json.dumps({**HEAD, "version": 2, "changes": changes})).scenario
    assert (found.workload.start_year, found.workload.start_month) == start


def test_a_range_moves_with_its_number_and_opens_again():
    scenario = preset(DEFAULT).scenario
    today = scenario[REQUESTS]
    before = Opened(
        scenario.vary({REQUESTS: 10 * today}), DEFAULT, "", {REQUESTS: Range(today / 2, today, 2 * today, "pert")}
    )
    assert from_link(to_link(document(before))).ranges == {REQUESTS: Range(5 * today, 10 * today, 20 * today, "pert")}


@given(edited_presets())
def test_a_document_holds_what_differs_and_nothing_else(before):
    base, content = preset(before.preset).scenario, document(before)
    changes = {path: after for path, (_, after) in differences(base, before.scenario).items()}
    added, removed = content.get("added", {}), content.get("removed", [])
    elsewhere = {path for path in changes if path.startswith("options.") and path.split(".")[1] in {*added, *removed}}
    assert content.get("changes", {}) == {path: changes[path] for path in changes if path not in elsewhere}
    assert added.keys() <= before.scenario.options.keys()
    assert removed == [slug for slug in base.options if slug not in before.scenario.options]


def test_the_link_of_an_edit_is_short_and_needs_no_escaping():
    now = preset(DEFAULT).scenario.vary({REQUESTS: 123_456.0, LABEL: "Ours, größer & <schöner>"})
    link = to_link(document(Opened(now, DEFAULT)))
    assert link.replace("-", "").replace("_", "").isalnum()
    assert link.isascii()
    assert len(link) < 300


def refused(open_it, given_text) -> str:
    with pytest.raises(ScenarioError) as caught:
        open_it(given_text)
    return one_sentence(str(caught.value))


LINK = to_link({**HEAD, "changes": {REQUESTS: 5e6}})


def packed(content: bytes) -> str:
    return base64.urlsafe_b64encode(zlib.compress(content)).decode().rstrip("=")


def test_a_link_cut_anywhere_is_refused():
    for length in range(1, len(LINK)):
        assert "ask its sender for the whole link" in refused(from_link, LINK[:length]), length


BAD_LINKS = {
    "garbage": "garbage",
    "not base64": "%%%",
    "not ascii": "é" * 8,
    "a surrogate": "\ud800",
    "spaces": LINK.replace("A", " ") + " ",
    "a letter changed": LINK[:20] + ("A" if LINK[20] != "A" else "B") + LINK[21:],
    "packed garbage": packed(b"garbage"),
    "packed nothing": packed(b""),
    "not packed": base64.urlsafe_b64encode(json.dumps(HEAD).encode()).decode(),
    "a bomb": packed(b" " * 50_000_000),
    "very long": "A" * 3_000_000,
    "something after it": base64.urlsafe_b64encode(zlib.compress(b"{}") + b"more").decode(),
}


@pytest.mark.parametrize("name", BAD_LINKS)
def test_a_damaged_link_is_refused(name):
    refused(from_link, BAD_LINKS[name])


@given(st.text(max_size=200))
def test_any_text_as_link_is_refused_or_opens(text):
    try:
        from_link(text)
    except ScenarioError as refusal:
        one_sentence(str(refusal))


@given(st.binary(max_size=200))
def test_any_bytes_as_file_are_refused(content):
    refused(from_json, content)


DEEP = 100_000
BAD_FILES = {
    "empty": b"",
    "no JSON": b"options: all",
    "cut": json.dumps(HEAD).encode()[:-5],
    "a binary": bytes(range(256)),
    "not UTF-8": json.dumps({**HEAD, "name": "é"}, ensure_ascii=False).encode("latin-1"),
    "NaN": json.dumps({**HEAD, "changes": {REQUESTS: float("nan")}}).encode(),
    "Infinity": json.dumps({**HEAD, "changes": {REQUESTS: float("inf")}}).encode(),
    "-Infinity": json.dumps({**HEAD, "changes": {REQUESTS: -float("inf")}}).encode(),
    "beyond the largest float": json.dumps({**HEAD, "changes": {REQUESTS: 7}}).replace("7", "1e999").encode(),
    "an integer of 401 digits": json.dumps({**HEAD, "changes": {REQUESTS: 10**400}}).encode(),
    "an integer of 5,000 digits": json.dumps({**HEAD, "changes": {REQUESTS: 7}}).replace("7", "7" * 5000).encode(),
    "a range of 401 digits": json.dumps({**HEAD, "ranges": {REQUESTS: [1, 10**400, "pert"]}}).encode(),
    "deep lists": b"[" * DEEP,
    "deep groups": b'{"a":' * DEEP,
    "deep value": json.dumps({**HEAD, "changes": {REQUESTS: [[[[[[[[]]]]]]]]}}).encode(),
    "too large": json.dumps(HEAD).encode() + b" " * documents.LARGEST_BYTES,
    "half a letter in the name": json.dumps({**HEAD, "name": "\ud800"}).encode(),
    "half a letter in a label": json.dumps({**HEAD, "changes": {LABEL: "\ud800"}}).encode(),
    "half a letter in a path": json.dumps({**HEAD, "changes": {"\ud800": 1}}).encode(),
}


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b" \n", "The file is empty."),
        (b'{"format": "cross', "The file is cut off: it ends in the middle of a value; copy it again, whole."),
        (b'{"format": \n', "The file is cut off: it ends in the middle of a value; copy it again, whole."),
        (b"%PDF-1.4\n1 0 obj", "The file is not JSON at line 1, column 1; take a scenario as Crossover wrote it."),
    ],
)
def test_a_file_that_is_no_json_says_what_to_do_in_no_words_of_a_program(content, told):
    with pytest.raises(ScenarioError) as refusal:
        from_json(content)
    assert str(refusal.value) == told


@pytest.mark.parametrize("name", BAD_FILES)
def test_a_damaged_file_is_refused(name):
    refused(from_json, BAD_FILES[name])


ADDED = {"kind": next(iter(KINDS))}
BAD_DOCUMENTS = {
    "another format": ({"format": "grocery-list"}, documents.FORMAT),
    "a future version": ({"version": documents.VERSION + 1}, str(documents.VERSION + 1), "newer"),
    "version 0": ({"version": 0}, "0", "version"),
    "a version that is a text": ({"version": "1"}, "'1'", "version"),
    "a version that is true": ({"version": True}, "true", "version"),
    "an unknown part": ({"chnages": {}}, "chnages", "changes"),
    "an unknown preset": ({"preset": "asistant"}, "asistant", "Did you mean assistant"),
    "an unknown path": ({"changes": {"workload.request": 1}}, "workload.request", REQUESTS),
    "an unknown option": ({"changes": {"options.nobody.label": "x"}}, "options.nobody.label", "not a path"),
    "a value out of bounds": ({"changes": {REQUESTS: -5}}, REQUESTS, "between 1 and 1e+12"),
    "a text for a number": ({"changes": {REQUESTS: "many"}}, REQUESTS, "'many'"),
    "a list for a number": ({"changes": {REQUESTS: [1, 2]}}, REQUESTS, "[1, 2]"),
    "nothing for a number": ({"changes": {REQUESTS: None}}, REQUESTS, "null"),
    "nothing for a name": ({"name": None}, "name", "null"),
    "nothing in a list": ({"currency": [None]}, "currency", "[null]"),
    "nothing for a switch": ({"changes": {"rules.peak_must_be_carried": None}}, "true or false", "null"),
    "lists that are removed": ({"removed": [["own_servers"]]}, "'removed'", "by their names", "[['own_servers']]"),
    "numbers in the order": ({"order": [[1, 2]]}, "'order'", "by their names", "[[1, 2]]"),
    "a part of a month": ({"changes": {"finance.horizon_months": 7.5}}, "finance.horizon_months", "7.5"),
    "an unknown choice": ({"changes": {"finance.running_costs_at": "noon"}}, "running_costs_at", "noon"),
    "a group": ({"changes": {"workload": {}}}, "workload", "group of fields"),
    "a label of two lines": ({"changes": {LABEL: "a\nb"}}, LABEL, "one line"),
    "an option without fields": ({"added": {"mine": ADDED}}, "options.mine", "is missing"),
    "an option of an unknown kind": ({"added": {"mine": {"kind": "oracle"}}}, "options.mine.kind", "oracle"),
    "an option whose kind is a list": ({"added": {"mine": {"kind": []}}}, "options.mine.kind", "[]"),
    "an option whose kind is a group": ({"added": {"mine": {"kind": {}}}}, "options.mine.kind", "{}"),
    "an option with a bad name": ({"added": {"My Own!": ADDED}}, "My Own!", "letters"),
    "an option that is a number": ({"added": {"mine": 5}}, "options.mine", "5"),
    "no option left": ({"removed": list(preset(DEFAULT).scenario.options)}, "options", "at least one"),
    "a range of an unknown path": ({"ranges": {"workload.request": [1, 2, "pert"]}}, "workload.request", "path"),
    "a range that is upside down": ({"ranges": {REQUESTS: [1e9, 1, "pert"]}}, REQUESTS, "order"),
    "a correlation of an unknown path": ({"correlations": [["a.b", REQUESTS, 0.5]]}, "a.b", "not a number"),
    "a correlation of 1": ({"correlations": [[GROWTH, REQUESTS, 1]]}, GROWTH, "between -1 and 1"),
    "a correlation of 401 digits": ({"correlations": [[GROWTH, REQUESTS, 10**400]]}, GROWTH, "between -1 and 1"),
    "a correlation of a number with itself": ({"correlations": [[GROWTH, GROWTH, 0.5]]}, GROWTH, "path, path"),
    "a correlation of another shape": ({"correlations": [[GROWTH, 0.5]]}, GROWTH, "path, path"),
    "a correlation twice": ({"correlations": [[GROWTH, REQUESTS, 0.5]] * 2}, GROWTH, "twice"),
    "correlations that contradict each other": (
        {"correlations": [[DISCOUNT, GROWTH, 0.9], [GROWTH, REQUESTS, 0.9], [DISCOUNT, REQUESTS, -0.9]]},
        GROWTH,
        "contradict each other",
    ),
    "a range of another shape": ({"ranges": {REQUESTS: [1, 2]}}, REQUESTS, "distribution"),
}


@pytest.mark.parametrize("name", BAD_DOCUMENTS)
def test_a_wrong_document_is_refused_with_what_is_wrong_and_what_would_be_right(name):
    parts, *told = BAD_DOCUMENTS[name]
    message = refused(opened, {**HEAD, **parts})
    assert all(part in message for part in told), message


def test_an_option_that_is_removed_and_is_not_there_is_told():
    (told,) = opened({**HEAD, "removed": ["own_server"]}).notes
    assert one_sentence(told.removesuffix(" Did you mean own_servers?"))
    assert "'own_server'" in told
    assert "Did you mean own_servers?" in told
    assert opened({**HEAD, "removed": ["own_servers"]}).notes == ()


def test_an_order_of_other_options_is_told_and_the_options_stand_as_usual():
    slugs = list(preset(DEFAULT).scenario.options)
    for order in (slugs[1:], [*slugs, slugs[0]], [*slugs[1:], "nobody"]):
        found = opened({**HEAD, "order": order})
        assert list(found.scenario.options) == slugs
        assert "order" in one_sentence("".join(found.notes))
    assert opened({**HEAD, "order": slugs[::-1]}).notes == ()


def test_a_key_that_a_file_gives_twice_is_refused():
    twice = to_json({**HEAD, "changes": {REQUESTS: 7e6}}).replace("{", f'{{"changes": {{"{REQUESTS}": 5e6}},', 1)
    assert "'changes' twice" in refused(from_json, twice)
    twice = to_json({**HEAD, "changes": {REQUESTS: 7e6}}).replace(f'"{REQUESTS}"', f'"{REQUESTS}": 5, "{REQUESTS}"')
    assert f"'{REQUESTS}' twice" in refused(from_json, twice)


@pytest.mark.parametrize("content", [None, True, 5, 1.5, "text", [], [HEAD], {}])
def test_what_is_no_document_is_refused(content):
    assert documents.FORMAT in refused(opened, content)


ANYTHING = [None, True, 5, -1.5, "text", [], [[]], [None], {}, {"a": []}, {"": None}]
PARTS = ["format", "version", "preset", "name", "changes", "added", "removed", "order", "ranges", "correlations",
         "entered", "imported", "bill"]  # fmt: skip


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("value", ANYTHING, ids=str)
def test_a_part_of_any_type_is_refused_or_opens(part, value):
    try:
        opened({**HEAD, part: value})
    except ScenarioError as refusal:
        one_sentence(str(refusal))


ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3),
    max_leaves=6,
)


@given(
    st.sampled_from(["changes", "added", "ranges"]),
    st.sampled_from([REQUESTS, LABEL, "finance.horizon_months", "own_servers", "mine"]),
    ANY_JSON,
)
def test_anything_at_a_known_place_is_refused_or_opens_and_can_be_linked_again(part, place, value):
    try:
        after = opened({**HEAD, part: {place: value}})
    except ScenarioError as refusal:
        one_sentence(str(refusal))
    else:
        same(after, from_link(to_link(document(after))))


def test_a_text_that_cannot_be_linked_is_refused_when_it_is_opened():
    texts = [
        path for path, record, name in fields(preset(DEFAULT).scenario) if record.model_fields[name].annotation is str
    ]
    for path in texts:
        refused(from_json, json.dumps({**HEAD, "changes": {path: "\ud800"}}))
