"""Retrieval and guardrails: embedding, the index, search and reranking; moderation, the gateway and its log."""

from costmodel.arrays import Array, Value
from costmodel.cohorts import in_service
from costmodel.demand import Task, attempts, month, served_frac, serves_month, tokens_processed
from costmodel.lines import CostLine, line
from costmodel.option import StandaloneOption
from costmodel.quantity import quantity, remembered
from costmodel.units import REQUESTS_PER_MILLION, REQUESTS_PER_THOUSAND, price_each


@quantity("requests/month", "Requests processed by the option")
def requests_processed(task: Task[StandaloneOption]) -> Array:
    """Requests of each month that fall to the task, with test traffic and every attempt. Shape (..., T+1).

    Each attempt looks up, is checked and is logged again.
    """
    return attempts(task) * served_frac(task)


@remembered
def lookups(task: Task[StandaloneOption]) -> Array:
    """Requests of each month that look something up."""
    return requests_processed(task) * task.option.retrieval.lookup_frac


@line("Embeddings", "Retrieval and guardrails", usage=True)
def embeddings_usd(task: Task[StandaloneOption]) -> Value:
    """Tokens turned into vectors x price: of what is looked up, and of documents.

    All documents are embedded in the first month, unless the option runs today, then the new and the changed ones.
    """
    retrieval, runs = task.option.retrieval, serves_month(task)
    first = (month(task.scenario) == task.first_month) * (not task.option.runs_today)
    documents = first * retrieval.corpus_tokens + runs * retrieval.reembedded_tokens_per_month
    embedded = lookups(task) * retrieval.embedded_tokens_per_request + documents
    # USD/month = tokens/month * USD/token
    return embedded * price_each(retrieval.embedding_usd_per_mtok)


@line("Index and search", "Retrieval and guardrails", usage=True)
def vector_search_usd(task: Task[StandaloneOption]) -> Value:
    """The index as it is kept, and each search in it. Assumes one size: for a growing index give its mean."""
    retrieval = task.option.retrieval
    kept = retrieval.vector_store_gb * retrieval.vector_store_usd_per_gb_month
    search = retrieval.search_usd_per_1000_requests / REQUESTS_PER_THOUSAND
    # USD/month = GB * USD/GB-month + requests/month * USD/request
    return serves_month(task) * kept + lookups(task) * search


@line("Reranking", "Retrieval and guardrails", usage=True)
def reranking_usd(task: Task[StandaloneOption]) -> Value:
    """Putting what was found in order, for each request that looks something up."""
    # USD/month = requests/month * USD/request
    return lookups(task) * (task.option.retrieval.reranking_usd_per_1000_requests / REQUESTS_PER_THOUSAND)


def retrieval_lines(task: Task[StandaloneOption]) -> tuple[CostLine, ...]:
    """Embedding, index, search and reranking, where the option pays for retrieval. Assumes flat prices."""
    return (embeddings_usd, vector_search_usd, reranking_usd) if task.option.retrieval.included else ()


@quantity("GB", "Log kept")
def log_gb(task: Task[StandaloneOption]) -> Array:
    """Size of the log at the end of each month: what was written in the months for which it is kept."""
    guardrails = task.option.guardrails
    # GB/month = requests/month * GB/request
    written = requests_processed(task) * (guardrails.log_gb_per_million_requests / REQUESTS_PER_MILLION)
    return in_service(written, 0, guardrails.log_retention_months - 1)


@line("Moderation", "Retrieval and guardrails", usage=True)
def moderation_usd(task: Task[StandaloneOption]) -> Value:
    """Checking of tokens x price. Assumes that hidden reasoning is checked like any output."""
    guardrails = task.option.guardrails
    # USD/month = tokens/month * USD/token
    return tokens_processed(task) * guardrails.moderated_frac * price_each(guardrails.moderation_usd_per_mtok)


@line("Gateway and log", "Retrieval and guardrails", usage=True)
def gateway_usd(task: Task[StandaloneOption]) -> Value:
    """The gateway, by the requests that pass it, and the log that it keeps."""
    guardrails = task.option.guardrails
    passing = requests_processed(task) * (guardrails.gateway_usd_per_million_requests / REQUESTS_PER_MILLION)
    # USD/month = requests/month * USD/request + GB * USD/GB-month
    return passing + log_gb(task) * guardrails.log_usd_per_gb_month


def guardrail_lines(task: Task[StandaloneOption]) -> tuple[CostLine, ...]:
    """Moderation, and the gateway with its log, where the option pays for them. Assumes flat prices."""
    return (moderation_usd, gateway_usd) if task.option.guardrails.included else ()
