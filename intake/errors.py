"""What is told about a file that cannot be read."""

from costmodel.errors import ScenarioError


class Refusal(ScenarioError):
    """One sentence, without the file's name at its head, on what is wrong with a file and what would be right."""


class Unknown(Refusal):
    """A file of a kind that is not read here; in an archive it lies beside those that are."""


class Beside(Refusal):
    """A file that lies beside what is read: nothing is wrong with it, and nothing is read from it."""


class NotPlain(Refusal):
    """Nothing need be wrong: values are written in a way that only reading row by row understands."""
