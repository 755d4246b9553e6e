"""The question: a frozen scenario, a dotted path for every number in it, and `vary`, the one verb that changes it."""

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Any, Self, TypeVar

from pydantic import PrivateAttr, ValidationError, field_validator, model_validator

from costmodel.errors import At, Named, ScenarioError, cut, nearest
from costmodel.fields import Number, Record, number_of
from costmodel.names import first_free
from costmodel.option import KINDS, Option
from costmodel.settings import Application, Energy, Finance, People, Risk, Rules, Workload

T = TypeVar("T")
GROUPS = (Record, dict, MappingProxyType)  # what has paths below it; to ask for any Mapping takes twice the time
PLAIN = {float, int, bool, str}  # what most values are: to ask for these takes a tenth of the time
MISSING = object()  # where a scenario has no such path


class Scenario(Record):
    """Everything a comparison depends on. Frozen; `vary` returns a changed copy."""

    workload: Workload
    application: Application
    people: People
    energy: Energy
    risk: Risk
    rules: Rules
    finance: Finance
    options: Mapping[str, Any]
    _memo: dict[str, Any] = PrivateAttr(default_factory=dict)
    _kept: dict[Any, Any] = PrivateAttr(default_factory=dict)

    @property
    def memo(self) -> dict[str, Any]:
        """Quantities already known of what the options of this scenario share."""
        private: Any = self.__pydantic_private__  # as self._memo, without the search that each access would be
        return private["_memo"]

    def once(self, key: Any, work: Callable[[], T]) -> T:
        """What `work` gives for this very scenario, worked out once and kept with it under a key."""
        private: Any = self.__pydantic_private__
        known: dict[Any, Any] = private["_kept"]
        kept: T = known.get(key, known)  # itself where there is none: it may be forgotten meanwhile
        if kept is known:
            kept = known[key] = work()
        return kept

    def forget(self) -> None:
        """Give up what is known of it: what is put aside need not hold its costs, a megabyte each."""
        self.memo.clear()
        self._kept.clear()

    @model_validator(mode="after")
    def _options_fit_each_other(self) -> Self:
        for slug, option in self.options.items():
            for field, named in option.relies_on().items():
                if named == slug or named not in self.options:
                    others = [other for other in self.options if other != slug]
                    raise ScenarioError("{path} names {named}, which is not another option of this scenario; there "
                                        "are {others}.", path=At(f"options.{slug}.{field}"), named=Named(named),
                                        others=", ".join(others) or "none")  # fmt: skip
            option.check(slug, self)
        return self

    @field_validator("options", mode="plain")
    @classmethod
    def _typed_options(cls, options: Any) -> Mapping[str, Option]:
        if not isinstance(options, Mapping) or not options:
            raise ValueError("must name at least one option")
        return MappingProxyType({slug: _typed_option(slug, option) for slug, option in options.items()})

    @classmethod
    def build(cls, groups: Mapping[str, Any]) -> Self:
        """A scenario from nested plain groups; ScenarioError with one sentence when something is wrong."""
        if not isinstance(groups, Mapping):
            raise ScenarioError(f"A scenario must be a group of fields, not {groups!r:.60}.")
        try:
            return cls.model_validate(dict(groups))
        except ValidationError as error:
            raise ScenarioError.from_validation(error) from None

    def vary(self, changes: Mapping[str, Any], *, options: Mapping[str, Any] | None = None) -> Self:
        """A copy in which each dotted path has its new value: a number, a choice, or an array for many runs at once.

        `options`, when given, first replaces the whole mapping of options: to add, remove, rename or order them.
        Raises ScenarioError when a path is unknown or a value is out of bounds; this scenario never changes.
        """
        if not changes and options is None:
            return self
        groups = _children(self) if options is None else {**_children(self), "options": options}
        varied = self.build(_changed(self, groups, changes))
        if differ_in_options_alone(varied, self):
            varied.memo.update(self.memo)
        return varied

    def __getitem__(self, path: str) -> Any:
        """The value at a dotted path."""
        value = self
        for part in path.split("."):
            children = _children(value)
            value = children[part] if part in children else _child(self, value, part, path)
        return value


def _typed_option(slug: Any, option: Any) -> Option:
    if not (isinstance(slug, str) and slug.isascii() and slug.isidentifier() and slug == slug.lower()):
        raise ScenarioError(
            f"options: {slug!r:.60} is not a usable option name: write small letters, digits and _, a letter first."
        )
    if isinstance(option, Option):
        return option
    if not isinstance(option, Mapping):
        raise ScenarioError("{path} must be a group of fields, not {value}.", path=At(f"options.{slug}"),
                            value=f"{option!r:.60}")  # fmt: skip
    kind = option.get("kind")
    if not isinstance(kind, str) or kind not in KINDS:
        raise ScenarioError("{path} is {kind}; the kinds are {kinds}.", path=At(f"options.{slug}.kind"),
                            kind=cut(kind), kinds=", ".join(KINDS))  # fmt: skip
    try:
        return KINDS[kind].model_validate(dict(option))
    except ValidationError as error:
        raise ScenarioError.from_validation(error, ("options", slug)) from None


def _children(value: Any) -> Mapping[str, Any]:
    if isinstance(value, Record):
        return value.__dict__  # its fields in their order and nothing else, many times as quick as asking for each
    return value if isinstance(value, dict | MappingProxyType) else {}  # any Mapping takes many times as long


def _child(scenario: Scenario, value: Any, part: str, path: str) -> Any:
    children = _children(value)
    if part not in children:
        raise ScenarioError(f"{path!r:.120} is not a path of this scenario.{nearest(path, list(paths(scenario)))}")
    return children[part]


def _changed(scenario: Scenario, node: Any, changes: Mapping[str, Any], prefix: str = "") -> Any:
    """`node` as plain groups with the changes applied; groups without a change are handed on as they are."""
    grouped: dict[str, dict[str, Any]] = {}
    groups = dict(_children(node))
    for path, value in changes.items():
        head, dot, rest = str(path).partition(".")
        if rest:
            grouped.setdefault(head, {})[rest] = value
        elif isinstance(_child(scenario, node, head + dot, prefix + str(path)), GROUPS):
            raise ScenarioError(f"{prefix}{path} is a group of fields; name one of them, such as "
                                f"{next(iter(paths(scenario, under=prefix + path)), prefix + path)}.")  # fmt: skip
        else:
            groups[head] = value
    for head, below in grouped.items():
        child = _child(scenario, groups, head, f"{prefix}{head}.{next(iter(below))}")
        if not isinstance(child, GROUPS):
            raise ScenarioError(f"{prefix}{head} is one field and has nothing below it.")
        groups[head] = _changed(scenario, child, below, f"{prefix}{head}.")
    return groups


def _leaves(node: Any, prefix: str, found: list[tuple[str, Record, str, Any]]) -> list[tuple[str, Record, str, Any]]:
    """(path, group that holds it, name, value) of everything below a group, added to `found`."""
    for name, child in _children(node).items():
        if type(child) in PLAIN or not isinstance(child, GROUPS):
            found.append((f"{prefix}{name}", node, name, child))
        else:
            _leaves(child, f"{prefix}{name}.", found)
    return found


def _all_leaves(scenario: Scenario) -> list[tuple[str, Record, str, Any]]:
    """Those of the whole scenario, gathered once."""
    return scenario.once("leaves", lambda: _leaves(scenario, "", []))


def has(scenario: Scenario, path: str) -> bool:
    """Whether there is a value at a dotted path."""
    return known_at(scenario, path, MISSING) is not MISSING


def known_at(scenario: Scenario, path: str, otherwise: Any = None) -> Any:
    """The value at a dotted path; `otherwise` where there is none."""
    node: Any = scenario
    for part in path.split("."):
        node = _children(node).get(part, MISSING)
    return otherwise if node is MISSING or isinstance(node, GROUPS) else node


def values(scenario: Scenario) -> dict[str, Any]:
    """Path -> value of everything in the scenario."""
    return dict(scenario.once("values", lambda: {path: value for path, _, _, value in _all_leaves(scenario)}))


def differences(before: Scenario, after: Scenario) -> dict[str, tuple[Any, Any]]:
    """Path -> (value before, value after) of every value that differs, for two single scenarios; None: no such path."""
    gone = {path: (old, None) for path, (old, new) in _unshared(before, after) if new is MISSING}
    return gone | {path: (old, new) for path, (new, old) in differing_values(after, before).items()}


def differing_values(*scenarios: Scenario) -> dict[str, tuple[Any, ...]]:
    """Path -> its value in each single scenario, for every value of the first that is not the same in all.

    Where a scenario has no such path, None. They keep nothing of it, so that what was put aside stays small.
    """
    found = ((path, tuple(None if one is MISSING else one for one in each)) for path, each in _unshared(*scenarios))
    return {path: each for path, each in found if any(one != each[0] for one in each)}


def _unshared(*nodes: Any, prefix: str = "") -> Iterator[tuple[str, tuple[Any, ...]]]:
    """(path, value in each node) of all that is below the first, without the groups that `vary` handed on."""
    first, *others = map(_children, nodes)
    for name, child in first.items():
        there = [each.get(name, MISSING) for each in others]
        if all(one is child for one in there):
            continue
        if isinstance(child, GROUPS):
            yield from _unshared(child, *there, prefix=f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", (child, *(MISSING if isinstance(one, GROUPS) else one for one in there))


def paths(scenario: Scenario, under: str = "") -> Iterator[str]:
    """Every dotted path of the scenario, in the order of its fields; `under` limits them to one group."""
    yield from (path for path, _, _ in fields(scenario) if not under or path.startswith(f"{under}."))


def fields(scenario: Scenario) -> Iterator[tuple[str, type[Record], str]]:
    """(path, record that declares it, field name) of every value of the scenario."""
    yield from ((path, type(group), name) for path, group, name, _ in _all_leaves(scenario))


def declared(scenario: Scenario, path: str) -> tuple[type[Record], str]:
    """(record that declares it, field name) of the value at a path; ScenarioError when there is none."""
    group, _, name = path.rpartition(".")
    owner = scenario[group] if group else scenario
    _child(scenario, owner, name, path)
    return type(owner), name


def number_at(scenario: Scenario, path: str) -> Number | None:
    """Unit, bounds and meaning of the number at a path; None for a choice or a text. ScenarioError: no such path."""
    return number_of(*declared(scenario, path))


def numbers(scenario: Scenario) -> dict[str, Number]:
    """Path -> unit, bounds and meaning, for every number of the scenario."""
    return dict(scenario.once("numbers", lambda: _numbers(scenario)))


def numbers_within(group: Record) -> Iterator[tuple[str, Number, Any]]:
    """(path within it, unit, bounds and meaning, value) of every number of a group, such as an option."""
    for path, record, name, value in _leaves(group, "", []):
        if number := number_of(type(record), name):
            yield path, number, value


def _numbers(scenario: Scenario) -> dict[str, Number]:
    return {path: number for path, record, name in fields(scenario) if (number := number_of(record, name))}


def with_option(scenario: Scenario, slug: str, option: Mapping[str, Any] | Option) -> Scenario:
    """A copy with the option added or replaced under `slug`."""
    return scenario.vary({}, options={**scenario.options, slug: option})


def without_option(scenario: Scenario, slug: str) -> Scenario:
    """A copy without the option; ScenarioError when it is the last one or another option relies on it."""
    if slug not in scenario.options:
        raise ScenarioError("{path} does not exist.{others}", path=At(f"options.{slug}"),
                            others=nearest(slug, list(scenario.options)))  # fmt: skip
    if len(scenario.options) == 1:
        raise ScenarioError("{path} is the last option; a comparison needs at least one.", path=At(f"options.{slug}"))
    rest = {name: option for name, option in scenario.options.items() if name != slug}
    for option in rest.values():
        for field, named in option.relies_on().items():
            if named == slug:
                role, gone = field.replace("_", " "), scenario.options[slug].label
                raise ScenarioError(f"{option.label} uses {gone} as its {role}; choose another one there first.")
    return scenario.vary({}, options=rest)


def relied_on(scenario: Scenario, slug: str) -> set[str]:
    """Slugs of an option and of all that it relies on: what its cost hangs on beside what is the same for all."""
    found, new = set(), {slug}
    while new:
        found |= new
        new = {named for each in new for named in scenario.options[each].relies_on().values()} - found
    return found


def differ_in_options_alone(scenario: Scenario, before: Scenario) -> bool:
    """Whether all that options share is the same in the scenario that this one was varied from."""
    was = before.__dict__
    return all(group is was[name] for name, group in scenario.__dict__.items() if name != "options")


def unchanged_options(scenario: Scenario, before: Scenario) -> set[str]:
    """Slugs of the options whose cost is as it was in the scenario that this one was varied from."""
    if not differ_in_options_alone(scenario, before):
        return set()
    same = {slug for slug, option in scenario.options.items() if before.options.get(slug) is option}
    while gone := {slug for slug in same if not same.issuperset(scenario.options[slug].relies_on().values())}:
        same -= gone
    return same


def free_slug(scenario: Scenario, wanted: str) -> str:
    """`wanted` as an option name not yet taken: a number is added when it is."""
    letters = "".join(c if c.isascii() and c.isalnum() else "_" for c in wanted.lower()).strip("_")
    stem = letters if letters[:1].isalpha() else f"option_{letters}".strip("_")
    return first_free(stem, lambda number: f"{stem}_{number}", scenario.options)
