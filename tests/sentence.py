"""What every refusal must look like, wherever it is shown."""

import re

LONGEST = 400
QUESTION = " Did you mean "


def one_sentence(message: str) -> str:
    """The message, when it is one printable sentence, with at most one question after it."""
    sentence, _, question = message.partition(QUESTION)
    assert message.isprintable(), message
    assert 10 < len(message) <= LONGEST, message
    assert re.search(r"[^.:!?]\.$", sentence), message
    assert not re.search(r"\. [A-Z]", sentence), message
    assert not question or question.endswith("?"), message
    assert "Traceback" not in message
    return message
