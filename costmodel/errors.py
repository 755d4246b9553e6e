"""The one error a user meets: a sentence that says what is wrong, where, and what would be right."""

from difflib import get_close_matches

from pydantic import ValidationError


class ScenarioError(ValueError):
    """One sentence naming the path, the value and the bound. The scenario that was being changed is untouched."""

    @classmethod
    def from_validation(cls, error: ValidationError, prefix: tuple[str, ...] = ()) -> "ScenarioError":
        """The first complaint of pydantic in the words of this product."""
        first = error.errors(include_url=False)[0]
        cause = first.get("ctx", {}).get("error")
        if isinstance(cause, cls):
            return cause
        path = ".".join(prefix + tuple(f"{part!s:.60}" for part in first["loc"]))
        match first["type"]:
            case "missing":
                reason = "is missing: it has no default, give it a value"
            case "extra_forbidden":
                reason = "is not a field of the model"
            case "literal_error":
                reason = f"must be {first['ctx']['expected']}, not {first['input']!r:.60}"
            case "value_error":
                reason = str(cause)
            case "model_type" | "dict_type":
                reason = f"must be a group of fields, not {first['input']!r:.60}"
            case "string_too_short":
                reason = "must not be empty"
            case "string_too_long":
                reason = f"must have at most {first['ctx']['max_length']} characters, not {len(first['input'])}"
            case _:
                reason = f"is not right: {first['msg']}, got {first['input']!r:.60}"
        return cls(f"{path} {reason}." if path else f"{reason}.")


def nearest(name: str, known: list[str], limit: int = 3) -> str:
    """' Did you mean ...?' with the closest known names, or an empty text when nothing is close."""
    folded = {}
    for entry in known:
        folded.setdefault(entry.lower(), entry)
    close = get_close_matches(name.lower(), list(folded), n=limit, cutoff=0.5)
    within = [key for key in folded if name and name.lower() in key and key not in close]
    found = [folded[key] for key in (close + within)[:limit]]
    return f" Did you mean {' or '.join(found)}?" if found else ""
