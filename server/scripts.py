"""The route of the scripts that browsers fetch by address (see `dashboard/scripts.py`)."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from dashboard.scripts import SCRIPTS, URL


async def script(request: Request) -> Response:
    """The script; 404 where there is none."""
    found = SCRIPTS.get(request.path_params["name"])
    return Response(found, media_type="text/javascript") if found else Response(status_code=404)


ROUTES = [Route(f"{URL}{{name}}", script)]
