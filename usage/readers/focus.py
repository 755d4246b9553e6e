"""FOCUS 1.0 to 1.4, from any provider. No version has a column for model or kind of tokens: they stand in texts."""

import re

from intake.records import Record, Rows, at, inner
from usage.fields import currency, money, names, text
from usage.meters import MARKETPLACE_UNIT, NO_TOKENS, OTHER, Meter, aws, azure, google, kind_of, tokens_to_the_unit
from usage.names import is_model, provider_id, split
from usage.tally import Tally
from usage.times import length_s, moment

COLUMNS = (
    "BilledCost", "EffectiveCost", "ListCost", "BillingCurrency", "ChargeCategory", "ChargeClass", "ChargeDescription",
    "ChargePeriodStart", "ChargePeriodEnd", "ConsumedQuantity", "ConsumedUnit", "PricingQuantity", "PricingUnit",
    "ProviderName", "ServiceProviderName", "PublisherName", "InvoiceIssuerName", "InvoiceIssuer", "ResourceId",
    "ResourceName", "ServiceCategory", "ServiceSubcategory", "ServiceName", "SkuId", "SkuPriceId", "SkuMeter",
    "SkuPriceDetails", "x_PricingBlockSize", "x_PricingUnitDescription", "x_SkuMeterName", "x_SkuMeterCategory",
    "x_SkuMeterSubcategory", "x_UsageType", "x_SkuDescription", "x_Model", "x_ModelName", "x_ModelId", "x_TokenType",
    "Tags",
)  # fmt: skip
VERSIONS = (  # of the newest column that a file has; ProviderName and PublisherName went with 1.4
    ("1.4", {"invoicedetailid", "commitmentprogrameligibilitydetails"}),
    ("1.3", {"serviceprovidername", "hostprovidername", "contractapplied"}),
    ("1.2", {"pricingcurrency", "invoiceid", "billingaccounttype", "subaccounttype"}),
    ("1.1", {"servicesubcategory", "skumeter", "skupricedetails", "capacityreservationid"}),
)
NAMES = ("SkuMeter", "x_SkuMeterName", "x_UsageType", "x_SkuDescription", "ChargeDescription")
KIND_KEYS, MODEL_KEYS = ("x_TokenType", "x_token_type", "TokenType"), ("x_Model", "x_ModelName", "x_ModelId", "model")
WORDS = re.compile(
    r"\b(?:un)?(?:cached?|input|output|prompt|completion|reasoning|thinking|read|write|batch|tokens?|usage|requests?|per"
    r"|1[km]|creation|hits?|miss(?:es)?)\b|[(),:]|\s[-–]\s",
    re.I,
)
COUNTS = re.compile(r"requests?$|calls?$", re.I)
ID = re.compile(r"[A-Z0-9/]+$|[0-9a-f]{8}-[0-9a-f]{4}-|\w+_\w{10,}$")  # what a seller calls a price or a resource
GENERATIVE = re.compile(r"generative ai|openai|bedrock|vertex ai|gemini|anthropic|claude|foundry models", re.I)
NO_DIRECTION = (
    "Some lines have tokens of which no column tells whether they went in or came out: their cost counts, their tokens "
    "are left out."
)


def read(rows: Rows, tally: Tally) -> None:
    """Usage at its effective cost; purchases, taxes, credits and adjustments beside it, each by its name."""
    tally.formats.append(_format(rows))
    tally.silent_parts = True
    for record in rows.records(COLUMNS):
        category = text(record, "ChargeCategory") or "Usage"
        effective, billed, code = (
            money(record, "EffectiveCost"),
            money(record, "BilledCost"),
            currency(record, "BillingCurrency"),
        )
        if category.lower() != "usage":
            which, cost = ("BilledCost", billed) if category.lower() == "purchase" else ("EffectiveCost", effective)
            tally.aside(f"{category} {which}", cost, code, under="beside")
            continue
        cost = billed if effective is None else effective
        provider = _provider(record)
        meter = _meter(record, provider)
        tokens, requests = _quantities(record, meter)
        if tokens is None and requests is None and not _is_generative(record):
            tally.aside(OTHER, cost, code, under="beside")
            continue
        if tokens is not None and meter.kind is None:
            tally.note(NO_DIRECTION)
        elif tokens is None and requests is None:
            tally.note(NO_TOKENS.format("the bill", "another unit"))
        start = moment(at(record, "ChargePeriodStart"), "ChargePeriodStart")
        end = moment(at(record, "ChargePeriodEnd"), "ChargePeriodEnd")
        row = meter.row(tokens, start=start, bucket_s=length_s(start, end), provider=provider, cost=cost, currency=code)
        row.requests, row.list_cost = requests, money(record, "ListCost")
        tally.add(row)


def _format(rows: Rows) -> str:
    first, columns = next(iter(rows.first()), {}), names(rows)
    if COUNTS.search(text(first, "ConsumedUnit", "PricingUnit") or "") and at(first, "Tags", "custom_llm_provider"):
        return "litellm focus export"
    version = next((name for name, signs in VERSIONS if signs & columns), "1.0")
    if version == "1.3" and "providername" not in columns:
        version = "1.4"
    return f"focus {version}{' (azure export)' * ('xskumetername' in columns)}"


def _provider(record: Record) -> str | None:
    return provider_id(
        text(record, "ServiceProviderName", "ProviderName", "PublisherName", "InvoiceIssuerName", "InvoiceIssuer")
    )


def _meter(record: Record, provider: str | None) -> Meter:
    """What the line's texts say, read as the provider writes them, else word by word."""
    if provider == "azure" and (name := text(record, "x_SkuMeterName", "SkuMeter")):
        return azure(name)
    if provider == "aws" and (name := text(record, "x_UsageType", "SkuMeter")) and aws(name, None).kind:
        return aws(name, text(record, "ServiceName"))
    name = text(record, "x_SkuDescription", "SkuMeter", "ChargeDescription") or ""
    if provider == "google" and google(name).kind:
        return google(name, text(record, "ServiceName") or "")
    texts = [found for name in NAMES if (found := text(record, name))]
    details = [inner(at(record, name)) for name in ("SkuPriceDetails", "Tags")]
    said = [found for entry in (*details[:1], record) if (found := text(entry, *KIND_KEYS))]
    skus = [found for name in ("SkuPriceId", "SkuId") if (found := text(record, name))]
    kind = next((kind for words in (*texts, *said, *skus) if (kind := kind_of(words))), None)
    batch = any("batch" in words.lower() for words in (*texts, *skus))
    return Meter(_model(record, texts, details, provider), kind, batch)


def _model(record: Record, texts: list[str], details: list, provider: str | None) -> str | None:
    """The first text that is the name of a model once the words about tokens are taken out of it."""
    named = [text(details[0], *MODEL_KEYS), text(record, "SkuId"), text(record, *MODEL_KEYS), text(details[1], "model")]
    resources = [text(record, "ResourceName"), text(record, "ResourceId")]
    for words in (*texts, *filter(None, (*named, *resources))):
        name = " ".join(WORDS.sub(" ", words).split())
        model = split(name, provider)[1]
        if model and is_model(model, provider or "") and not ID.match(model):
            return model
    return next(filter(None, (split(name, provider)[1] for name in (named[0], named[2], named[3]) if name)), None)


def _quantities(record: Record, meter: Meter) -> tuple[float | None, float | None]:
    """(tokens, requests) of a line, each None when it does not count them."""
    for which in ("Consumed", "Pricing"):
        quantity, unit = money(record, f"{which}Quantity"), text(record, f"{which}Unit")
        if quantity is not None and (times := _tokens_to_the_unit(record, unit, meter)):
            return quantity * times, None
        if quantity is not None and unit and COUNTS.search(unit):
            return None, quantity
    size = money(record, "x_PricingBlockSize")
    if meter.kind is None or not size or size <= 1:
        return None, None
    consumed, priced = money(record, "ConsumedQuantity"), money(record, "PricingQuantity")
    return (consumed if consumed is not None else priced * size if priced is not None else None), None


def _tokens_to_the_unit(record: Record, unit: str | None, meter: Meter) -> float | None:
    """Also for Google's counts and for the units of AWS's Marketplace, which are millions."""
    if meter.kind and (unit or "").lower() == "count":
        return 1.0
    if meter.kind and (unit or "").lower() == "units" and "MP:" in (text(record, "x_UsageType") or ""):
        return MARKETPLACE_UNIT
    return tokens_to_the_unit(unit)


def _is_generative(record: Record) -> bool:
    told = ("ServiceSubcategory", "ServiceName", "x_SkuMeterCategory", "x_SkuMeterSubcategory")
    return any(GENERATIVE.search(text(record, name) or "") for name in told)
