#!/usr/bin/env bash
# focus-converter 1.0.0 turns Google Cloud's billing export into FOCUS with two sums that are not the invoice's.
# Google bills `cost` plus the `credits` of a line, which are negative. BilledCost is `cost` alone: a committed-use
# discount is not taken off. EffectiveCost takes it off, but whatever comes out below zero becomes zero, so a refund
# (`adjustment`) is gone. And a billing period ends at the moment at which it begins. A line of 100 with a credit of 30
# and a refund of 40 are 30 on the invoice, 60 as billed and 70 as effective cost.
# Seen 2026-11-30, Python 3.11: 'invoice 30, BilledCost 60, EffectiveCost 70, 0 days in the billing period'.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check polars==0.20.10 pyarrow==14.0.2 \
    numpy==1.26.4 pandas==2.3.3 sqlglot==18.17.0 networkx==3.6.1 jinja2==3.1.6 pydantic==2.14.4 pyyaml==6.0.4 \
    requests==2.34.2 tqdm==4.70.1 pytz==2023.4
# Without its validator, which is not asked and no longer imports.
"$work/venv/bin/pip" install --quiet --disable-pip-version-check --no-deps focus-converter==1.0.0
cd "$work"
"$work/venv/bin/python" - 2>/dev/null <<'PY' || { echo "changed: focus-converter no longer behaves as described"; exit 1; }
from datetime import datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from focus_converter.converter import FocusConverter
from focus_converter.data_loaders.data_exporter import ExportDataFormats
from focus_converter.data_loaders.data_loader import DataFormats, ParquetDataFormat


def line(cost, kind, *credits):
    return {
        "billing_account_id": "A", "service": {"id": "S", "description": "Vertex AI"},
        "sku": {"id": "K", "description": "Input tokens"}, "usage_start_time": datetime(2026, 10, 5, 7),
        "usage_end_time": datetime(2026, 10, 5, 8),
        "location": {"location": "NL", "region": "europe-west4", "zone": None},
        "resource": {"name": "r", "global_name": "r"}, "cost": cost,
        "cost_at_list": cost, "currency": "USD", "cost_type": kind, "seller_name": None,
        "price": {"tier_start_amount": 0.0}, "invoice": {"month": "202610"},
        "usage": {"amount": 1e6, "unit": "count", "amount_in_pricing_units": 1.0, "pricing_unit": "1M"},
        "credits": [{"name": "c", "amount": amount, "type": "COMMITTED_USAGE_DISCOUNT"} for amount in credits],
    }


lines = [line(100.0, "regular", -30.0), line(-40.0, "adjustment")]
pq.write_table(pa.Table.from_pylist(lines), "export.parquet")
Path("focus").mkdir()
converter = FocusConverter(column_prefix=None, converted_column_prefix=None)
converter.load_provider_conversion_configs()
converter.load_data("export.parquet", DataFormats.PARQUET, ParquetDataFormat.FILE)
converter.configure_data_export(
    export_path="focus", export_include_source_columns=False, export_format=ExportDataFormats.PARQUET,
    basename_template=None,
)
converter.prepare_horizontal_conversion_plan(provider="gcp")
converter.convert()
rows = pq.read_table("focus").to_pylist()
invoice = sum(each["cost"] + sum(credit["amount"] for credit in each["credits"]) for each in lines)
billed, effective = (sum(row[name] for row in rows) for name in ("BilledCost", "EffectiveCost"))
days = max((row["BillingPeriodEnd"] - row["BillingPeriodStart"]).days for row in rows)
print(f"invoice {invoice:.0f}, BilledCost {billed:.0f}, EffectiveCost {effective:.0f}, {days} days in the billing period")
assert (len(rows), invoice, billed, effective, days) == (2, 30, 60, 70, 0)
PY
