"""The model as one HTML file: opens from a mail or a share, without server, installation or network."""

from reports.files.page.page import page

__all__ = ["page"]
