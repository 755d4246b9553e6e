"""Usage, cost and billing exports of providers, clouds and gateways, as totals in one set of terms."""

from usage.reading import Reading, read

__all__ = ["Reading", "read"]
