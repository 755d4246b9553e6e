#!/usr/bin/env bash
# Claude through LangChain: what a prompt writes to the cache stands under `cache_creation` when the answer is streamed;
# when it comes whole, with its lifetime beside it, `cache_creation` is zero and the tokens stand under
# `ephemeral_5m_input_tokens` or `ephemeral_1h_input_tokens` alone. opentelemetry-instrumentation-langchain 0.62.4
# (OpenLLMetry) reads the first name only: its span of the whole answer says that nothing was written, so 4,000 tokens
# that cost twice the input price, as they live an hour, look like plain input. OpenInference's span of the same call
# has them. No span of a streamed answer can tell the lifetime, which the end of a stream does not repeat.
# Seen 2026-11-30, Python 3.11, langchain-anthropic 1.7.10: 'written: openllmetry whole 0, streamed 4000; openinference
# whole 4000, streamed 4000'.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check langchain-anthropic==1.7.10 langchain-core==1.8.3 \
    anthropic==2.14.0 opentelemetry-sdk==1.45.2 opentelemetry-instrumentation-langchain==0.62.4 \
    openinference-instrumentation-langchain==0.1.80
cat >"$work/written.py" <<'PY'
"""The tokens that one instrumentation says were written to a cache, by the same answer, whole and streamed."""

import json
import sys
from importlib import import_module

import anthropic
import httpx2
from langchain_anthropic import ChatAnthropic
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

ENDED = {"input_tokens": 30, "cache_read_input_tokens": 0, "cache_creation_input_tokens": 4_000, "output_tokens": 12}
LIFETIMES = {"cache_creation": {"ephemeral_5m_input_tokens": 0, "ephemeral_1h_input_tokens": 4_000}}
MESSAGE = {"id": "msg_1", "type": "message", "role": "assistant", "model": "claude-opus-4-8", "stop_sequence": None}
TEXT, STOP = {"type": "text", "text": "Paris."}, {"stop_reason": "end_turn", "stop_sequence": None}
STREAM = [
    {"type": "message_start", "message": MESSAGE | {"content": [], "stop_reason": None, "usage": ENDED | LIFETIMES}},
    {"type": "content_block_start", "index": 0, "content_block": TEXT | {"text": ""}},
    {"type": "content_block_delta", "index": 0, "delta": TEXT | {"type": "text_delta"}},
    {"type": "content_block_stop", "index": 0},
    {"type": "message_delta", "delta": STOP, "usage": ENDED},
    {"type": "message_stop"},
]


def answer(request):
    if not json.loads(request.content).get("stream"):
        return httpx2.Response(200, json=MESSAGE | STOP | {"content": [TEXT], "usage": ENDED | LIFETIMES})
    text = "".join(f"event: {event['type']}\ndata: {json.dumps(event)}\n\n" for event in STREAM)
    return httpx2.Response(200, text=text, headers={"content-type": "text/event-stream"})


module, instrumentor, name = sys.argv[1:]
spans, provider = InMemorySpanExporter(), TracerProvider()
provider.add_span_processor(SimpleSpanProcessor(spans))
getattr(import_module(module), instrumentor)().instrument(tracer_provider=provider)
model = ChatAnthropic(model="claude-opus-4-8", api_key="none", max_tokens=64)
client = httpx2.Client(transport=httpx2.MockTransport(answer))
model.__dict__["_client"] = anthropic.Anthropic(api_key="none", http_client=client)  # where the property keeps its own
assert model.invoke("Capital of France?").usage_metadata["input_tokens"] == 4_030
list(model.stream("Capital of France?"))
whole, streamed = (span.attributes.get(name, 0) for span in spans.get_finished_spans())
print(f"whole {whole}, streamed {streamed}")
PY
openllmetry=$("$work/venv/bin/python" "$work/written.py" opentelemetry.instrumentation.langchain LangchainInstrumentor \
    gen_ai.usage.cache_creation.input_tokens)
openinference=$("$work/venv/bin/python" "$work/written.py" openinference.instrumentation.langchain LangChainInstrumentor \
    llm.token_count.prompt_details.cache_write)
echo "written: openllmetry $openllmetry; openinference $openinference"
[ "$openllmetry; $openinference" = "whole 0, streamed 4000; whole 4000, streamed 4000" ] ||
    { echo "changed: the two no longer differ as described"; exit 1; }
