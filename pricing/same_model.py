"""Which of the models that are sold are one and the same, by their names: hosts write one name in many ways.

Only what is clear counts: another size, date, precision or speed is another model.
"""

import re
from functools import cache

BATCH_ONLY = ":batch"  # how a broker's name of a model ends that it serves to requests that may wait, and to no others
TUNED_ONLY = re.compile(r"^ft:|\.ft-")  # in the name of a model that is sold only once it is tuned

_VARIANT = re.compile(rf"^(regional|global)(?=\.)|{BATCH_ONLY}$")
_DECORATIONS = (  # what is no part of the name, and what stands for it
    (re.compile(r"^.*/"), ""),  # the maker, as a folder
    (re.compile(r"^(regional|global)\."), ""),  # where it is processed
    (re.compile(r"^[a-z]+\.(?=[a-z])"), ""),  # the maker, before a point
    (re.compile(rf"{BATCH_ONLY}$"), ""),
    (re.compile(r"(-v?\d+)?:\d+$"), ""),  # the host's own version
    (re.compile(r"(?<=\d)p(?=\d)"), "."),  # a point that a host cannot write
    (re.compile(r"[^a-z0-9]+"), "-"),
    (re.compile(r"^-|-$"), ""),
    (re.compile(r"(?<=-\d)-20\d{6}$"), ""),  # the day of the only one that its maker has of a version
    (re.compile(r"^(databricks-)?(meta-(?=llama))?"), ""),  # a host, or the maker, before the name
    (re.compile(r"^llama-?v?(?=\d)"), "llama-"),
    (re.compile(r"(?<!-turbo)(-(instruct|it|maas))+$"), ""),  # what is sold is made to follow instructions
)


@cache
def plain_name(model: str) -> str:
    """A model's name without what hosts add to it: 'gpt-oss-120b' of openai/gpt-oss-120b and gpt-oss 120B."""
    name = model.strip().lower()
    for decoration, instead in _DECORATIONS:
        name = decoration.sub(instead, name)
    return name


def variant(model: str) -> str:
    """What a seller offers a model as, by its name there: 'global', 'regional', 'batch', or nothing in particular."""
    found = _VARIANT.search(model.strip().lower())
    return found.group().removeprefix(":") if found else ""
