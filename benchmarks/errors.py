"""What is told about a file that cannot be read."""

from costmodel.errors import ScenarioError


class Refusal(ScenarioError):
    """One sentence on what is wrong with a benchmark file and what would be right."""


class Beside(Refusal):
    """A file that tools write beside their result: nothing is wrong with it, and nothing is read from it."""
