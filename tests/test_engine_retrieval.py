"""Retrieval and guardrails: off unless asked for, and then priced request by request and gigabyte by gigabyte."""

import numpy as np
import pytest
from hypothesis import given

from costmodel.lines import LINES
from tests.neutral import compare, generated, neutral_option, neutral_scenario
from tests.strategies import lead_time, scenarios

KINDS = ("token_api", "cloud_gpu", "on_prem")
NAMES = {name for name, line in LINES.items() if line.group == "Retrieval and guardrails"}
RETRIEVAL = {
    "retrieval__included": True,
    "retrieval__lookup_frac": 0.5,
    "retrieval__embedded_tokens_per_request": 200,
    "retrieval__corpus_tokens": 5e8,
    "retrieval__reembedded_tokens_per_month": 1e8,
    "retrieval__embedding_usd_per_mtok": 0.1,
    "retrieval__vector_store_gb": 10,
    "retrieval__vector_store_usd_per_gb_month": 0.3,
    "retrieval__search_usd_per_1000_requests": 0.04,
    "retrieval__reranking_usd_per_1000_requests": 2,
}
GUARDRAILS = {
    "guardrails__included": True,
    "guardrails__moderated_frac": 0.5,
    "guardrails__moderation_usd_per_mtok": 0.6,
    "guardrails__gateway_usd_per_million_requests": 3.5,
    "guardrails__log_gb_per_million_requests": 20,
    "guardrails__log_retention_months": 3,
    "guardrails__log_usd_per_gb_month": 0.05,
}


def lines(kind="token_api", fields=None, **workload):
    """Lines of an option that sees 2 million requests of 900 + 100 tokens a month."""
    asked = {"requests_per_month": 1e6, "environments_ratio": 2, "input_tokens_per_request": 900,
             "output_tokens_per_request": 100, **workload}  # fmt: skip
    option = neutral_option(kind, **(fields or {}))
    scenario = neutral_scenario({"it": option}, **{f"workload__{name}": value for name, value in asked.items()})
    return compare(scenario)["it"].lines


@pytest.mark.parametrize("kind", KINDS)
def test_off_means_no_line_whatever_the_prices(kind):
    priced = {**RETRIEVAL, **GUARDRAILS, "retrieval__included": False, "guardrails__included": False}
    assert NAMES.isdisjoint(lines(kind, priced))


@pytest.mark.parametrize("kind", KINDS)
def test_retrieval_is_priced_by_what_is_looked_up_and_kept(kind):
    got = lines(kind, RETRIEVAL)
    asked = 1e6 * 200 * 0.1 / 1e6  # a million lookups of 200 tokens
    np.testing.assert_allclose(got["embeddings"], [0, asked + 60] + [asked + 10] * 11)
    np.testing.assert_allclose(got["vector_search"], [0] + [10 * 0.3 + 1000 * 0.04] * 12)
    np.testing.assert_allclose(got["reranking"], [0] + [2000] * 12)


@pytest.mark.parametrize("kind", KINDS)
def test_guardrails_are_priced_by_tokens_requests_and_the_log_kept(kind):
    got = lines(kind, GUARDRAILS)
    np.testing.assert_allclose(got["moderation"], [0] + [2e9 * 0.5 * 0.6 / 1e6] * 12)
    np.testing.assert_allclose(got["gateway"], [0, *(7 + 0.05 * np.array([40, 80] + [120] * 10))])


def test_a_log_that_is_not_kept_costs_nothing():
    got = lines(fields=GUARDRAILS | {"guardrails__log_retention_months": 0})
    np.testing.assert_allclose(got["gateway"], [0] + [7] * 12)


def test_own_servers_look_up_from_their_delivery_on():
    got = lines("on_prem", {**RETRIEVAL, **GUARDRAILS, "lead_time_months": 2})
    for name in NAMES:
        assert not got[name][:3].any(), name
        assert np.all(got[name][3:] > 0), name
    assert got["embeddings"][3] - got["embeddings"][4] == pytest.approx(50)  # all documents, once


def test_two_providers_share_the_requests_and_each_keeps_its_index():
    options = {name: neutral_option("token_api", **RETRIEVAL, **GUARDRAILS) for name in ("a", "b")}
    options["mix"] = neutral_option("multi_cloud", first_option="a", second_option="b", first_frac=0.3)
    costs = compare(neutral_scenario(options, workload__requests_per_month=1e6)).costs
    for name in ("reranking", "moderation", "gateway"):
        np.testing.assert_allclose(costs["mix"].lines[name], costs["a"].lines[name])
    index = costs["mix"].lines["vector_search"] - costs["a"].lines["vector_search"]
    np.testing.assert_allclose(index, [0] + [3] * 12)


@given(scenarios(KINDS))
def test_every_line_is_a_book_kept_month_by_month(scenario):
    on = {f"options.{kind}.{group}.included": True for kind in KINDS for group in ("retrieval", "guardrails")}
    for cost in compare(scenario.vary(on)).costs.values():
        option, horizon = cost.option, scenario.finance.horizon_months
        terms, rails, first = option.retrieval, option.guardrails, lead_time(option) + 1
        workload, output = scenario.workload, cost.quantities["output_tokens"]
        each = generated(workload, option) * option.token_ratio
        requests = np.where(np.arange(horizon + 1) >= first, output / each, 0)
        tokens = requests * (each + workload.input_tokens_per_request * option.token_ratio)
        expected = {name: np.zeros(horizon + 1) for name in NAMES}
        for month in range(first, horizon + 1):
            lookups = requests[month] * terms.lookup_frac
            embedded = lookups * terms.embedded_tokens_per_request + terms.reembedded_tokens_per_month
            embedded += terms.corpus_tokens if month == first and not option.runs_today else 0
            kept = sum(requests[max(first, month - rails.log_retention_months + 1) : month + 1])
            expected["embeddings"][month] = embedded * terms.embedding_usd_per_mtok / 1e6
            expected["vector_search"][month] = (
                terms.vector_store_gb * terms.vector_store_usd_per_gb_month
                + lookups / 1000 * terms.search_usd_per_1000_requests
            )
            expected["reranking"][month] = lookups / 1000 * terms.reranking_usd_per_1000_requests
            expected["moderation"][month] = tokens[month] * rails.moderated_frac * rails.moderation_usd_per_mtok / 1e6
            expected["gateway"][month] = (
                requests[month] / 1e6 * rails.gateway_usd_per_million_requests
                + kept / 1e6 * rails.log_gb_per_million_requests * rails.log_usd_per_gb_month
            )
        for name, amounts in expected.items():
            np.testing.assert_allclose(
                cost.lines[name], amounts, rtol=1e-9, atol=1e-9 * (1 + amounts.max()), err_msg=name
            )
