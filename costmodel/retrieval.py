"""Retrieval and guardrails: embedding, the index, search and reranking; moderation, the gateway and its log."""

from costmodel.arrays import Array, Value
from costmodel.cohorts import in_service
from costmodel.demand import Task, attempts, month, served_frac, serves_month, tokens_processed
from costmodel.option import StandaloneOption
from costmodel.quantity import quantity
from costmodel.units import REQUESTS_PER_MILLION, REQUESTS_PER_THOUSAND, price_each


@quantity("requests/month", "Requests processed by the option")
def requests_processed(task: Task[StandaloneOption]) -> Array:
    """Requests of each month that fall to the task, with test traffic and every attempt. Shape (..., T+1).

    Each attempt looks up, is checked and is logged again.
    """
    return attempts(task) * served_frac(task)


def retrieval_lines(task: Task[StandaloneOption]) -> dict[str, Value]:
    """Embedding, index, search and reranking, USD by month, where the option pays for retrieval.

    All documents are embedded in the first month, unless the option runs today, then the new and the changed ones.
    Assumes flat prices and an index of one size: for a growing one give its mean over the horizon.
    """
    retrieval, months = task.option.retrieval, month(task.scenario)
    if not retrieval.included:
        return {}
    lookups, runs = requests_processed(task) * retrieval.lookup_frac, serves_month(task)
    first = (months == task.first_month) * (not task.option.runs_today)
    documents = first * retrieval.corpus_tokens + runs * retrieval.reembedded_tokens_per_month
    embedded = lookups * retrieval.embedded_tokens_per_request + documents
    kept = retrieval.vector_store_gb * retrieval.vector_store_usd_per_gb_month
    return {
        # USD/month = tokens/month * USD/token
        "embeddings": embedded * price_each(retrieval.embedding_usd_per_mtok),
        # USD/month = GB * USD/GB-month + requests/month * USD/request
        "vector_search": runs * kept + lookups * (retrieval.search_usd_per_1000_requests / REQUESTS_PER_THOUSAND),
        "reranking": lookups * (retrieval.reranking_usd_per_1000_requests / REQUESTS_PER_THOUSAND),
    }


@quantity("GB", "Log kept")
def log_gb(task: Task[StandaloneOption]) -> Array:
    """Size of the log at the end of each month: what was written in the months for which it is kept."""
    guardrails = task.option.guardrails
    # GB/month = requests/month * GB/request
    written = requests_processed(task) * (guardrails.log_gb_per_million_requests / REQUESTS_PER_MILLION)
    return in_service(written, 0, guardrails.log_retention_months - 1)


def guardrail_lines(task: Task[StandaloneOption]) -> dict[str, Value]:
    """Moderation of tokens, and the gateway with its log, USD by month, where the option pays for them.

    Assumes flat prices, and that hidden reasoning is checked like any output.
    """
    guardrails = task.option.guardrails
    if not guardrails.included:
        return {}
    checked = tokens_processed(task) * guardrails.moderated_frac
    passing = requests_processed(task) * (guardrails.gateway_usd_per_million_requests / REQUESTS_PER_MILLION)
    return {
        # USD/month = tokens/month * USD/token
        "moderation": checked * price_each(guardrails.moderation_usd_per_mtok),
        # USD/month = requests/month * USD/request + GB * USD/GB-month
        "gateway": passing + log_gb(task) * guardrails.log_usd_per_gb_month,
    }
