"""Serving uploaded files again under their signed addresses."""

from aiohttp import web

from sandbox.discord.world import World

_GONE = "This content is no longer available."


class DownloadRoutes:
    """`/attachments/…` and `/ephemeral-attachments/…`, beside the API."""

    def __init__(self, world: World) -> None:
        self._world = world

    def table(self) -> list[web.RouteDef]:
        tail = "{channel_id}/{attachment_id}/{name}"
        return [web.get(f"/{section}/{tail}", self.get) for section in ("attachments", "ephemeral-attachments")]

    async def get(self, request: web.Request) -> web.StreamResponse:
        query = request.query
        path = request.rel_url.raw_path
        signed = (query.get("ex", "0"), query.get("is", "0"), query.get("hm", ""))
        stored = self._world.files.find(path, *signed)
        if stored is None:
            return web.Response(status=404, text=_GONE)
        return web.Response(body=stored.data, content_type=stored.content_type)
