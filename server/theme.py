"""The theme as Streamlit tells it to a browser at each run of the script, put together once.

It asks for each of some four hundred settings anew, six times over, which takes it as long as a chart takes us.
"""

from collections.abc import Callable
from functools import lru_cache, wraps

from streamlit.proto.NewSession_pb2 import CustomThemeConfig
from streamlit.runtime import app_session

Populate = Callable[..., None]


def keep() -> None:
    """From here on in this process the theme is that of the settings as they are first asked for."""
    app_session._populate_theme_msg = kept(app_session._populate_theme_msg)


def kept(populate: Populate) -> Populate:
    """`populate`, which writes a section of the settings into a message, asked once for each section."""

    @lru_cache
    def known(*section: str) -> CustomThemeConfig:
        message = CustomThemeConfig()
        populate(message, *section)
        return message

    @wraps(populate)
    def populated(message: CustomThemeConfig, *section: str) -> None:
        message.MergeFrom(known(*section))

    return populated
