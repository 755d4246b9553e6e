#!/usr/bin/env bash
# A streamed answer of Claude tells its output tokens twice: a first count in `message_start` and, in `message_delta`,
# the count of the whole message, in which the first is contained. opentelemetry-instrumentation-anthropic 0.62.4
# (OpenLLMetry) adds the two up, so its spans say more output than was billed for each streamed answer; OpenInference's
# instrumentation of the same call, and the SDK itself, take the second alone. The same call without a stream is counted
# right. Short answers suffer most: whoever prices spans pays for what was never written.
# Seen 2026-11-30, Python 3.11, anthropic 2.14.0: 'openllmetry: whole 12, streamed 17; openinference: whole 12, streamed 12'.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check anthropic==2.14.0 opentelemetry-sdk==1.45.2 \
    opentelemetry-instrumentation-anthropic==0.62.4 openinference-instrumentation-anthropic==3.1.0
cat >"$work/counted.py" <<'PY'
"""The output tokens that one instrumentation reads from the same answer, whole and streamed."""

import json
import sys
from importlib import import_module

import anthropic
import httpx2
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

USAGE = {"input_tokens": 30, "output_tokens": 12}
MESSAGE = {"id": "msg_1", "type": "message", "role": "assistant", "model": "claude-opus-4-8", "stop_sequence": None}
WHOLE = MESSAGE | {"content": [{"type": "text", "text": "Paris."}], "stop_reason": "end_turn", "usage": USAGE}
BEGUN = MESSAGE | {"content": [], "stop_reason": None, "usage": USAGE | {"output_tokens": 5}}
END = {"stop_reason": "end_turn", "stop_sequence": None}
STREAM = [
    {"type": "message_start", "message": BEGUN},
    {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}},
    {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": "Paris."}},
    {"type": "content_block_stop", "index": 0},
    {"type": "message_delta", "delta": END, "usage": {"output_tokens": 12}},
    {"type": "message_stop"},
]


def answer(request):
    if not json.loads(request.content).get("stream"):
        return httpx2.Response(200, json=WHOLE)
    text = "".join(f"event: {event['type']}\ndata: {json.dumps(event)}\n\n" for event in STREAM)
    return httpx2.Response(200, text=text, headers={"content-type": "text/event-stream"})


spans, provider = InMemorySpanExporter(), TracerProvider()
provider.add_span_processor(SimpleSpanProcessor(spans))
import_module(sys.argv[1]).AnthropicInstrumentor().instrument(tracer_provider=provider)
transport = httpx2.MockTransport(answer)
client = anthropic.Anthropic(api_key="none", http_client=httpx2.Client(transport=transport))
asked = {"model": "claude-opus-4-8", "max_tokens": 64, "messages": [{"role": "user", "content": "Capital of France?"}]}
client.messages.create(**asked)
with client.messages.stream(**asked) as stream:
    assert stream.get_final_message().usage.output_tokens == 12, "the SDK takes the last count"
whole, streamed = (span.attributes[sys.argv[2]] for span in spans.get_finished_spans())
print(f"whole {whole}, streamed {streamed}")
PY
openllmetry=$("$work/venv/bin/python" "$work/counted.py" opentelemetry.instrumentation.anthropic gen_ai.usage.output_tokens)
openinference=$("$work/venv/bin/python" "$work/counted.py" openinference.instrumentation.anthropic llm.token_count.completion)
echo "openllmetry: $openllmetry; openinference: $openinference"
[ "$openllmetry; $openinference" = "whole 12, streamed 17; whole 12, streamed 12" ] ||
    { echo "changed: the two no longer differ as described"; exit 1; }
