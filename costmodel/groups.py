"""Groups of fields that options share: staff, governance, the launch, tuning, retrieval, guardrails."""

from typing import Annotated, Literal

from pydantic import Field

from costmodel.fields import Number, Record

USD_PER_YEAR, USD_PER_MTOK, USD_PER_RUN = "USD/year", "USD/Mtok", "USD/run"


class Staff(Record):
    """People that the option keeps busy, beyond those who use it."""

    ml_engineer_fte: Annotated[
        float, Number("FTE", 0, 1000, "Machine-learning engineers, whatever the volume.", label="ML engineers")
    ]
    data_scientist_fte: Annotated[
        float,
        Number("FTE", 0, 1000, "Data scientists for data, evaluation and prompts.", label="Data scientists"),
    ]
    infrastructure_engineer_fte: Annotated[
        float,
        Number(
            "FTE",
            0,
            1000,
            "Platform and infrastructure engineers that office hours at one site take, whatever the volume; service "
            "hours, and sites of own servers, multiply them.",
            label="Infrastructure engineers, office hours at one site",
        ),
    ]
    infrastructure_engineer_fte_per_server: Annotated[
        float,
        Number(
            "FTE/server",
            0,
            10,
            "Further infrastructure engineers for each server owned or rented.",
            label="Further infrastructure engineers",
        ),
    ]


class Governance(Record):
    """What it takes to be allowed to run the option, and what of the data it exposes."""

    assessment_usd: Annotated[float, Number("USD", 0, 1e9, "Risk, privacy and security assessment before the start.")]
    audit_usd_per_year: Annotated[float, Number(USD_PER_YEAR, 0, 1e9, "Recurring audits and certification.")]
    controls_usd_per_year: Annotated[
        float, Number(USD_PER_YEAR, 0, 1e9, "Running controls: logging, access reviews, patching evidence.")
    ]
    data_protection_usd_per_year: Annotated[
        float,
        Number(
            USD_PER_YEAR,
            0,
            1e9,
            "Data-protection officer, impact assessments kept up to date, requests of data subjects.",
            label="Data protection",
        ),
    ]
    data_leaves_frac: Annotated[
        float,
        Number(
            "share",
            0,
            1,
            "Share of the option's traffic that is processed off the company's own premises.",
            label="Data that leaves the premises",
        ),
    ]


class Launch(Record):
    """What is paid once, to get there."""

    migration_usd: Annotated[float, Number("USD", 0, 1e9, "Integration and migration work, once, at the start.")]
    parallel_running_usd: Annotated[
        float, Number("USD", 0, 1e9, "Running the previous solution beside the new one until the switch, once.")
    ]


class Tuning(Record):
    """Fine-tuning on data of one's own, again each time that the data or the model has changed."""

    method: Annotated[
        Literal["none", "hosted"],
        Field(description="Not tuned, or tuned by a service that charges by the training token."),
    ]
    runs_per_year: Annotated[float, Number("runs/year", 0, 1000, "Tuning runs in a year, failed ones included.")]
    training_tokens: Annotated[float, Number("tokens", 0, 1e13, "Tokens of the training data, in one epoch.")]
    epochs: Annotated[float, Number("epochs", 0, 1000, "Times that a run goes through the training data.")]
    hosted_usd_per_mtok: Annotated[
        float, Number(USD_PER_MTOK, 0, 10000, "Price of training tokens, each epoch counted.", label="Hosted training")
    ]
    hosting_usd_per_month: Annotated[
        float,
        Number(
            "USD/month",
            0,
            1e7,
            "Fee of the tuning service for keeping the tuned model, whatever its use.",
            label="Hosting of the tuned model",
        ),
    ]
    data_preparation_usd_per_run: Annotated[
        float, Number(USD_PER_RUN, 0, 1e8, "Collecting, cleaning and labelling the data of one run.")
    ]
    evaluation_usd_per_run: Annotated[
        float, Number(USD_PER_RUN, 0, 1e8, "Evaluating the result of one run: test sets, people's judgement, approval.")
    ]


class ApiTuning(Tuning):
    """Fine-tuning of a model that is sold by the token: its provider does it."""

    usage_price_ratio: Annotated[
        float,
        Number(
            "ratio",
            0.1,
            20,
            "Token price of the tuned model relative to the plain one's.",
            label="Token price once tuned",
        ),
    ]


class GpuTuning(Tuning):
    """Fine-tuning of an open-weight model."""

    method: Annotated[  # type: ignore[assignment]  # a subclass takes more
        Literal["none", "hosted", "rented_gpus"],
        Field(description="Not tuned, tuned by a service that charges by the training token, or on GPUs by the hour."),
    ]
    trained_compute_frac: Annotated[
        float,
        Number(
            "share",
            0.01,
            1,
            "Compute relative to training every weight; adapters (LoRA) take about two thirds.",
            label="Compute relative to full tuning",
        ),
    ]
    gpu_tflops: Annotated[
        float, Number("TFLOPS", 1, 1e6, "Dense compute of one tuning GPU in 16 bits.", label="Compute of a tuning GPU")
    ]
    compute_utilization_frac: Annotated[
        float,
        Number(
            "share",
            0.05,
            1,
            "Share of that compute that a run achieves, pauses and checkpoints included.",
            label="Compute utilisation in tuning",
        ),
    ]
    rented_usd_per_gpu_hour: Annotated[
        float, Number("USD/GPU-h", 0, 1000, "Price of a rented tuning GPU.", label="Rented tuning GPU")
    ]


class OwnGpuTuning(GpuTuning):
    """Fine-tuning of an open-weight model by somebody who owns GPUs."""

    method: Annotated[  # type: ignore[assignment]  # a subclass takes more
        Literal["none", "hosted", "rented_gpus", "own_gpus"],
        Field(
            description="Not tuned, by a service that charges by the training token, on rented GPUs, or in the idle "
            "hours of one's own with rented ones for the rest."
        ),
    ]


class Retrieval(Record):
    """Looking up one's own documents for a request; the passages found are in the workload's input tokens."""

    included: Annotated[bool, Field(description="The option pays for retrieval from documents of one's own.")]
    lookup_frac: Annotated[
        float, Number("share", 0, 1, "Share of requests that look something up.", label="Requests that look up")
    ]
    embedded_tokens_per_request: Annotated[
        float, Number("tokens/request", 0, 1e6, "Tokens of the question that are embedded for the search.")
    ]
    corpus_tokens: Annotated[float, Number("tokens", 0, 1e14, "Tokens of all documents, embedded once at the start.")]
    reembedded_tokens_per_month: Annotated[
        float,
        Number(
            "tokens/month",
            0,
            1e14,
            "Tokens of new and changed documents, and of those embedded again.",
            label="Embedded anew",
        ),
    ]
    embedding_usd_per_mtok: Annotated[float, Number(USD_PER_MTOK, 0, 1000, "Price of embedding.")]
    vector_store_gb: Annotated[float, Number("GB", 0, 1e9, "Size of the index: vectors, text and metadata.")]
    vector_store_usd_per_gb_month: Annotated[float, Number("USD/GB-month", 0, 1000, "Price of keeping the index.")]
    search_usd_per_1000_requests: Annotated[
        float, Number("USD/1000 requests", 0, 1000, "Price of searching the index.", label="Search")
    ]
    reranking_usd_per_1000_requests: Annotated[
        float, Number("USD/1000 requests", 0, 1000, "Price of ranking the passages found.", label="Reranking")
    ]


class Guardrails(Record):
    """Checks and records of the traffic."""

    included: Annotated[bool, Field(description="The option pays for moderation, a gateway and logs.")]
    moderated_frac: Annotated[
        float,
        Number("share", 0, 1, "Share of all input and output tokens that is checked.", label="Tokens that are checked"),
    ]
    moderation_usd_per_mtok: Annotated[float, Number(USD_PER_MTOK, 0, 1000, "Price of checking, all checks together.")]
    gateway_usd_per_million_requests: Annotated[
        float, Number("USD/M requests", 0, 1e6, "Price of passing the gateway: keys, quotas, routing.", label="Gateway")
    ]
    log_gb_per_million_requests: Annotated[
        float, Number("GB/M requests", 0, 1e6, "Size of the log of requests and answers.", label="Log")
    ]
    log_retention_months: Annotated[int, Number("months", 0, 240, "Months for which the log is kept.", whole=True)]
    log_usd_per_gb_month: Annotated[float, Number("USD/GB-month", 0, 1000, "Price of keeping the log.")]
