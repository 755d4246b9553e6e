"""The route of the programs that browsers fetch for levers that follow the hand (see `dashboard/programs.py`)."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from dashboard.programs import URL, printed

# The address is a hash of all that the program hangs on, so browsers may keep it for good.
KEPT = {"Cache-Control": "private, max-age=31536000, immutable"}


def program(request: Request) -> Response:
    """The program as JSON; 404 where nobody has it, or the engine did something that cannot be recorded.

    Not a coroutine, so that it is printed beside the event loop.
    """
    try:
        return Response(printed(request.path_params["key"]), media_type="application/json", headers=KEPT)
    except (KeyError, NotImplementedError):
        return Response(status_code=404)


ROUTES = [Route(f"{URL}{{key}}", program)]
