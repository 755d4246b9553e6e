"""The options page: add, copy, rename, remove, choose from the catalogues; and what is refused."""

import dataclasses
import io

import pytest
from pptx import Presentation
from streamlit.elements.lib import policies

from costmodel.comparison import compare
from costmodel.option import KINDS
from costmodel.scenario import differences, paths, values, with_option, without_option
from dashboard.option_editor import AT_LIST_PRICE
from pricing.choices import sources, value_at
from pricing.documents import Opened, document, to_link
from pricing.marks import Mark
from pricing.presets import DEFAULT, preset
from pricing.selectors import completed, new_option, picked_of, selectors_of
from reports.files.brief import brief_data
from reports.files.slides import slides
from reports.words.cards import card
from reports.words.commitment import terms
from reports.words.text import usd
from reports.words.trade_offs import MEASURES
from tests.briefings import briefing
from tests.neutral import plain
from tests.sentence import one_sentence
from tests.visitor import Visitor

SCENARIO = preset(DEFAULT).scenario
SLUGS = list(SCENARIO.options)
OF_KIND = {option.kind: slug for slug, option in SCENARIO.options.items()}
PICKS = {kind: picks for kind, record in KINDS.items() if (picks := selectors_of(record))}
CHOOSABLE = [kind for kind in PICKS if kind in OF_KIND]


@pytest.fixture
def visitor() -> Visitor:
    return Visitor().go("options")


def slugs(visitor: Visitor) -> list[str]:
    return list(visitor.scenario.options)


def add_form(visitor: Visitor, kind: str) -> dict:
    """The form for a new option of this kind, opened; what it starts from: the first option of the kind."""
    visitor.open("add_option").enter("new:kind", kind)
    alike = (picked_of(option) for option in SCENARIO.options.values() if option.kind == kind)
    return completed(kind, next(alike, {}))


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_can_be_added_as_it_is_offered(visitor, kind):
    visitor.open("add_option").enter("new:kind", kind).press("Add to the comparison")
    assert visitor.complaints == []
    assert visitor.scenario.options[slugs(visitor)[-1]].kind == kind
    for page in ("overview", "break_even", "sizing", "export", "options"):
        visitor.go(page)


def test_a_commitment_without_a_known_price_is_said_where_it_is_chosen_and_asked_for(visitor):
    slug = "cloud_committed"
    path = f"options.{slug}.reserved_usd_per_gpu_hour"
    assert not visitor.at.warning
    visitor.enter("option", slug).enter(f"pick:{slug}:provider", "Lambda")
    option = visitor.scenario.options[slug]
    assert option.reserved_usd_per_gpu_hour == option.on_demand_usd_per_gpu_hour
    (told,) = [plain(each.value) for each in visitor.at.warning]
    assert told.startswith(f"For 36 months of {option.instance} at Lambda no price is known; the price on demand")
    line = card(visitor.opened, compare(visitor.scenario), slug)
    assert "as on demand, without a discount" in line
    visitor.press("Enter a price").enter(f"field:{path}", "2.1")
    assert visitor.scenario[path] == 2.1
    assert not visitor.at.warning


def test_the_price_of_a_commitment_is_that_of_the_options_own_term(visitor):
    slug = "cloud_committed"
    term, price = (f"options.{slug}.{name}" for name in ("term_months", "reserved_usd_per_gpu_hour"))
    visitor.enter("option", slug).open("every_number").enter("number_find", "term").enter(f"field:{term}", "12")
    visitor.enter(f"pick:{slug}:provider", "GCP").enter(f"pick:{slug}:instance", "a3-ultragpu-8g")
    assert (visitor.scenario[term], visitor.scenario[price]) == (12, 7.30875)
    visitor.enter(f"field:{term}", "24").enter(f"pick:{slug}:provider", "Qubrid")
    assert visitor.at.warning
    (key,) = [button.key for button in visitor.at.button if (button.key or "").startswith(f"term:{slug}:")]
    visitor.at.button(key=key).click()
    visitor.run()
    assert (visitor.scenario[term], visitor.scenario[price]) == (12, terms(visitor.scenario.options[slug])[12])


@pytest.mark.parametrize("kind", PICKS)
def test_an_option_of_each_kind_is_added_from_the_catalogue(visitor, kind):
    picked = add_form(visitor, kind)
    visitor.press("Add to the comparison")
    *kept, new = slugs(visitor)
    assert kept == SLUGS
    assert visitor.widget("option").value == new
    label = visitor.scenario.options[new].label
    picked |= {"bridge_option": cheapest_bridge()} if kind == "on_prem" else {}
    wanted = with_option(SCENARIO, new, new_option(kind, label, picked))
    assert visitor.plain == plain(wanted)
    assert usd(compare(wanted)[new].net_present_cost_usd) in [metric.value for metric in visitor.at.metric]
    assert visitor.complaints == []


def cheapest_bridge() -> str:
    """The option of the default scenario that stands in for others at the least cost."""
    comparison = compare(SCENARIO)
    able = [slug for slug in SLUGS if SCENARIO.options[slug].bridges()]
    return min(able, key=lambda slug: comparison[slug].net_present_cost_usd)


def test_own_servers_without_anything_to_bridge_them_are_added_without_a_bridge():
    alone = SCENARIO.vary({"options.own_servers.bridge_option": ""})
    for slug in SLUGS:
        if slug != "own_servers":
            alone = without_option(alone, slug)
    visitor = Visitor(to_link(document(Opened(alone, DEFAULT)))).go("options")
    add_form(visitor, "on_prem")
    visitor.press("Add to the comparison")
    assert visitor.complaints == []
    assert visitor.scenario.options[slugs(visitor)[-1]].bridge_option == ""


def test_the_option_just_added_is_chosen_without_a_warning_in_the_log(visitor, caplog, monkeypatch):
    monkeypatch.setattr(policies, "_shown_default_value_warning", False)  # it is logged once a process
    add_form(visitor, "token_api")
    visitor.press("Add to the comparison").press("Copy").press("Undo").press("Undo")
    assert visitor.widget("option").value in slugs(visitor) == SLUGS
    assert "default value" not in caplog.text


@pytest.mark.parametrize("kind", PICKS)
def test_what_is_chosen_in_the_form_is_what_is_added(visitor, kind):
    add_form(visitor, kind)
    picked = {}
    for pick in PICKS[kind]:
        offered = pick.values(picked)
        picked[pick.field] = offered[-1]
        visitor.enter(f"new:{kind}:{pick.field}", offered[-1])
    visitor.enter("new:label", "Chosen by hand").press("Add to the comparison")
    option = visitor.scenario.options[slugs(visitor)[-1]]
    assert {field: value_at(option, field) for field in picked} == picked
    assert option.label == "Chosen by hand"


def test_two_options_added_alike_are_told_apart(visitor):
    add_form(visitor, "token_api")
    visitor.press("Add to the comparison")
    add_form(visitor, "token_api")
    visitor.press("Add to the comparison")
    assert len(set(slugs(visitor))) == len(SLUGS) + 2
    shown = visitor.at.radio[0].options
    assert len(set(shown)) == len(shown)


def test_a_new_option_is_on_every_page(visitor):
    add_form(visitor, "token_api")
    visitor.enter("new:label", "The new one").press("Add to the comparison").go("overview")
    assert "The new one" in visitor.texts("name")
    visitor.go("export")
    assert "The new one" in visitor.tables[0][0]
    visitor.go("break_even").enter("break_even_a", slugs(visitor)[-1])
    assert "The new one" in visitor.html


@pytest.mark.parametrize("slug", SLUGS)
def test_a_copy_is_the_same_option_under_another_name(visitor, slug):
    visitor.enter("option", slug).press("Copy")
    *kept, copy = slugs(visitor)
    assert kept == SLUGS
    assert visitor.widget("option").value == copy
    before, after = plain(SCENARIO.options[slug]), plain(visitor.scenario.options[copy])
    assert after == {**before, "label": after["label"]}
    assert after["label"] != before["label"]
    comparison = compare(visitor.scenario)
    assert comparison[copy].net_present_cost_usd == comparison[slug].net_present_cost_usd


def test_a_copy_can_be_edited_without_the_original(visitor):
    visitor.enter("option", SLUGS[0]).press("Copy")
    copy = slugs(visitor)[-1]
    visitor.open("every_number", f"group:{copy}:staff").enter(f"field:options.{copy}.staff.ml_engineer_fte", 7.0)
    assert visitor.scenario.options[copy].staff.ml_engineer_fte == 7
    assert plain(visitor.scenario.options[SLUGS[0]]) == plain(SCENARIO.options[SLUGS[0]])


def unbridged() -> Visitor:
    """A visitor of the default scenario in which no option relies on another."""
    relying = {
        f"options.{slug}.{field}": "" for slug, option in SCENARIO.options.items() for field in option.relies_on()
    }
    return Visitor(to_link(document(Opened(SCENARIO.vary(relying), DEFAULT)))).go("options")


def test_options_are_removed_down_to_the_last_one_which_is_refused():
    visitor = unbridged()
    for left in range(len(SLUGS) - 1, 0, -1):
        gone = visitor.widget("option").value
        visitor.press("Remove")
        assert visitor.complaints == []
        assert gone not in slugs(visitor)
        assert len(slugs(visitor)) == left
        assert visitor.widget("option").value in slugs(visitor)
    before = visitor.plain
    visitor.press("Remove")
    (sentence,) = visitor.complaints
    assert "last" in one_sentence(sentence)
    assert visitor.plain == before


def test_removed_options_come_back_by_undo_in_their_places():
    visitor = unbridged()
    before, first = visitor.plain, visitor.scenario
    visitor.enter("option", SLUGS[2]).press("Remove").press("Remove")
    assert len(slugs(visitor)) == len(SLUGS) - 2
    visitor.press("Undo").press("Undo")
    assert visitor.plain == before
    assert slugs(visitor) == list(first.options)
    assert visitor.widget("option").value in SLUGS


def test_an_option_that_another_relies_on_is_not_removed(visitor):
    relying, named = next(
        (option.label, named) for option in SCENARIO.options.values() for named in option.relies_on().values()
    )
    before = visitor.plain
    visitor.enter("option", named).press("Remove")
    (sentence,) = visitor.complaints
    used = SCENARIO.options[named].label
    assert one_sentence(sentence) == f"{relying} uses {used} as its bridge option; choose another one there first."
    assert visitor.plain == before
    assert visitor.widget("option").value == named


def test_an_option_that_others_rely_on_is_removed_once_another_takes_its_place(visitor):
    path = "options.own_servers.bridge_option"
    named = SCENARIO[path]
    visitor.enter("option", named).press("Remove").enter(f"option_actions:{named}:instead", "frontier_api")
    visitor.press("Replace and remove")
    assert visitor.complaints == []
    assert named not in slugs(visitor)
    assert visitor.scenario[path] == "frontier_api"
    assert visitor.press("Undo").plain == plain(SCENARIO), "one step"


def test_numbers_of_an_option_are_found_by_their_words(visitor):
    visitor.enter("option", "own_servers").open("every_number", number_find="server price")
    fields = [box.key for box in visitor.at.text_input if box.key and box.key.startswith("field:options.own_servers.")]
    assert fields[:2] == [f"field:options.own_servers.{name}" for name in ("label", "server_price_usd")]
    assert len(fields) < len([*paths(SCENARIO, under="options.own_servers")]) / 4


def test_the_pages_still_work_when_what_was_chosen_on_them_is_removed():
    visitor = unbridged().go("break_even")
    visitor.enter("break_even_a", SLUGS[2]).enter("break_even_b", SLUGS[3])
    visitor.go("options").enter("option", SLUGS[2]).press("Remove").enter("option", SLUGS[3]).press("Remove")
    visitor.go("break_even")
    chosen = {visitor.widget(key).value for key in ("break_even_a", "break_even_b")}
    assert len(chosen) == 2
    assert chosen <= set(slugs(visitor))


@pytest.mark.parametrize("kind", CHOOSABLE)
def test_a_choice_from_the_catalogue_writes_what_belongs_to_it(visitor, kind):
    slug = OF_KIND[kind]
    visitor.enter("option", slug)
    for pick in PICKS[kind]:
        key = f"pick:{slug}:{pick.field}"
        now = value_at(visitor.scenario.options[slug], pick.field)
        others = [value for value in pick.values(picked(visitor, slug)) if value != now]
        if not others:
            continue  # a large model fits one number of GPUs only
        other = others[-1]
        visitor.enter(key, other)
        assert visitor.complaints == []
        option = visitor.scenario.options[slug]
        assert value_at(option, pick.field) == other
        chosen = completed(kind, picked(visitor, slug))
        assert picked(visitor, slug) == chosen, "what was chosen before does not fit any more"
        fresh = new_option(kind, option.label, chosen)
        for path, value in catalogue_values(visitor, kind, fresh, slug).items():
            assert value_at(option, path) == value, path


def picked(visitor: Visitor, slug: str) -> dict:
    option = visitor.scenario.options[slug]
    return {pick.field: value_at(option, pick.field) for pick in PICKS[option.kind]}


def catalogue_values(visitor: Visitor, kind: str, fresh: dict, slug: str) -> dict:
    """Paths within the option that a choice writes, with the values of a new option of the same choices."""
    option = visitor.scenario.options[slug]
    new = with_option(SCENARIO, "fresh", fresh).options["fresh"]
    return {
        path: value_at(new, path)
        for path in sources(option, visitor.scenario.workload)
        if not path.startswith("support")
    }


def test_choosing_a_model_keeps_what_was_entered_for_the_hardware(visitor):
    slug = OF_KIND["on_prem"]
    price = f"options.{slug}.server_price_usd"
    visitor.enter("option", slug).open("every_number", f"group:{slug}:").enter(f"field:{price}", 123_456.0)
    model = next(m for m in PICKS["on_prem"][1].values({}) if m != visitor.scenario.options[slug].serving.model)
    visitor.enter(f"pick:{slug}:serving.model", model)
    assert visitor.scenario.options[slug].serving.model == model
    assert visitor.scenario[price] == 123_456.0


def test_a_choice_can_be_undone_in_one_step(visitor):
    slug = OF_KIND["token_api"]
    before = visitor.plain
    visitor.enter("option", slug)
    other = next(m for m in PICKS["token_api"][1].values(picked(visitor, slug)) if m != SCENARIO.options[slug].model)
    visitor.enter(f"pick:{slug}:model", other)
    changed = differences(SCENARIO, visitor.scenario)
    assert f"options.{slug}.model" in changed
    assert all(path.startswith(f"options.{slug}.") for path in changed)
    assert visitor.press("Undo").plain == before
    assert visitor.widget(f"pick:{slug}:model").value == SCENARIO.options[slug].model


@pytest.mark.parametrize("slug", SLUGS)
def test_every_field_of_an_option_can_be_edited_with_its_source_beside_it(visitor, slug):
    visitor.enter("option", slug).open("every_number")
    groups = [box.proto.id.rpartition("-")[2] for box in visitor.at.expander if f"group:{slug}:" in box.proto.id]
    visitor.open(*groups)
    option = SCENARIO.options[slug]
    edited = {path for path in values(SCENARIO) if path.startswith(f"options.{slug}.")}
    edited -= {f"options.{slug}.kind"} | {f"options.{slug}.{pick.field}" for pick in PICKS[option.kind]}
    assert {key.removeprefix("field:") for key in visitor.keys if key.startswith("field:")} == edited
    assert len(visitor.at.caption) >= len(edited) - 1


def test_a_changed_value_says_what_its_source_says(visitor):
    slug = OF_KIND["token_api"]
    path = f"options.{slug}.prices.output_usd_per_mtok"
    visitor.enter("option", slug).open("every_number", f"group:{slug}:prices").enter(f"field:{path}", 7.25)
    told = f"was ${SCENARIO[path]:.2f} per million tokens ("
    assert [caption.value for caption in visitor.at.caption if told in caption.value.replace("\\", "")]


def test_to_refuse_the_model_of_an_option_marks_it_wherever_it_serves(visitor):
    path = "options.open_api.model_refused"
    visitor.enter("option", "open_api").enter(f"field:{path}", True)
    assert visitor.opened.marks == {"gpt-oss-120b": Mark(accepted=False)}
    assert visitor.scenario["options.own_servers.model_refused"] is True
    visitor.enter(f"field:{path}", False)
    assert visitor.opened.marks["gpt-oss-120b"] == Mark()
    assert visitor.scenario == SCENARIO


def test_own_servers_that_run_today_say_that_they_are_charged_at_list_price_until_their_worth_is_entered(visitor):
    visitor.enter("option", "own_servers")
    assert AT_LIST_PRICE not in " ".join(visitor.markdown)
    visitor.enter("field:options.own_servers.runs_today", True)
    assert AT_LIST_PRICE in " ".join(visitor.markdown)
    visitor.press("Enter what they would fetch").enter("field:options.own_servers.server_price_usd", "90,000")
    assert visitor.scenario["options.own_servers.server_price_usd"] == 90_000
    assert AT_LIST_PRICE not in " ".join(visitor.markdown)


def test_what_runs_today_is_marked_wherever_options_are_told(visitor):
    label = SCENARIO.options["own_servers"].label
    visitor.enter("option", "own_servers").enter("field:options.own_servers.runs_today", True)
    assert visitor.scenario["options.own_servers.runs_today"] is True
    assert f"{label} (runs today)" in " ".join(visitor.markdown)
    assert f"{label} (runs today)" in visitor.go("overview").texts("name")
    heading, *rows = visitor.go("trade_offs").tables[0]
    months = next(row for row in rows if row[0] == MEASURES["months"].name)
    assert months[heading.index(label)] == "0 months, runs today"
    told = dataclasses.replace(briefing(), comparison=compare(visitor.scenario))
    cells = [row["cells"][0] for row in brief_data(told)["options"]]
    assert f"{label} (runs today)" in cells
    (options,) = (
        shape.table
        for slide in Presentation(io.BytesIO(slides(told))).slides
        for shape in slide.shapes
        if shape.has_table and shape.name == "Options"
    )
    assert [row.cells[0].text.endswith(f"{label} (runs today)") for row in options.rows].count(True) == 1
    assert sum("runs today" in cell for cell in cells) == 1
