"""The route of the scripts of the page's elements (see `dashboard/scripts.py`)."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from dashboard.scripts import MODULES, URL, VERSION
from server.compressed import KEPT


async def script(request: Request) -> Response:
    """A module of this version of the app; 404 of any other, since a page takes all of one version."""
    asked = request.path_params
    if asked["version"] != VERSION or asked["name"] not in MODULES:
        return Response(status_code=404)
    return Response(MODULES[asked["name"]], media_type="text/javascript", headers={"Cache-Control": KEPT})


ROUTES = [Route(f"{URL}{{version}}/{{name}}", script)]
