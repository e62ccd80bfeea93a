"""The two endpoints of the gateway and its public list, the store of its videos, and the faults around them."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Final

from aiohttp import web
from pydantic import JsonValue

from sandbox.gateway.answers import report
from sandbox.gateway.bodies import check_body, parse_body
from sandbox.gateway.books import Books, prompt_of
from sandbox.gateway.errors import GatewayError, invalid
from sandbox.gateway.faults import Fault, FaultBoard, FaultKind, Where
from sandbox.gateway.films import film, free_box_header
from sandbox.gateway.links import Links
from sandbox.gateway.results import EndlessResponse, FilmResponse, send_film
from sandbox.gateway.tasks import Order, Poll, Refused, Task
from sandbox.gateway.wire import Honest, SocketAct, reset, socket_act

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
NO_ORDER: Final = {"task_id": "0" * 32}


@dataclass(slots=True)
class Endpoints:
    """The handlers of one gateway server."""

    books: Books
    faults: FaultBoard
    links: Links
    stopping: asyncio.Event
    taken: Callable[[Order], None]

    def routes(self) -> list[web.RouteDef]:
        """Every path that the server answers."""
        return [
            web.post("/v3/async/{slug}", self.submit),
            web.get("/v3/async/task-result", self.poll, allow_head=False),
            web.get("/v3/admin/video-unify-api/config", self.public_list, allow_head=False),
            web.get("/results/{task_id}/{name}", self.video, allow_head=False),
            web.route("*", "/redirected{rest:.*}", self.stray),
            web.route("*", "/{rest:.*}", self.nowhere),
        ]

    @web.middleware
    async def unread_faults(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Faults that strike before anything of the body is read (and before any stop)."""
        where, subject = _target(request)
        fault = self.faults.take(where, subject, unread=True) if where else None
        if fault is None:
            return await handler(request)
        return socket_act(fault.kind, Honest(), 0, self.stopping)

    @web.middleware
    async def refusals(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Turn a refusal into the gateway's JSON, and note it."""
        try:
            return await handler(request)
        except GatewayError as exc:
            key = request.headers.get("Authorization", "").removeprefix("Bearer ")
            body = await request.read()
            self.books.refused.append(
                Refused(request.method, request.path, exc.status, exc.reason, exc.details, key, body)
            )
            return exc.response()

    async def submit(self, request: web.Request) -> web.StreamResponse:
        """POST /v3/async/{slug}."""
        self.books.submits += 1
        fault = self.faults.take(Where.SUBMIT, await _prompt(request), unread=False)
        if fault is None:
            order = await self._accept(request)
            return web.json_response(_id_answer(order))
        if fault.kind is FaultKind.RESET_AFTER_READING:
            # The gateway notices nothing: it goes on with what it has read.
            reset(request)
        honest = NO_ORDER
        if fault.creates_order:
            order = await self._accept(request)
            fault.task_ids.append(order.task_id)
            honest = _id_answer(order)
        return self._spoil(request, fault, honest)

    async def poll(self, request: web.Request) -> web.StreamResponse:
        """GET /v3/async/task-result."""
        task_id = request.query.get("task_id", "")
        self.books.poll_log.append(Poll(task_id, self.books.clock()))
        fault = self.faults.take(Where.POLL, task_id, unread=False)
        if fault is not None and (response := fault.response(_redirected(request))) is not None:
            return response
        key = self.books.know_key(request.headers.get("Authorization", ""))
        if not task_id:
            raise invalid("task_id is required")
        answer = report(self.books.find_task(task_id, key), lambda task: self._sign(request, task))
        if fault is not None:
            return self._spoil(request, fault, answer)
        return web.json_response(answer)

    async def public_list(self, _: web.Request) -> web.StreamResponse:
        """GET /v3/admin/video-unify-api/config: no key is asked for. That it exists is documented, its form is not."""
        slugs = [slug for slug in self.books.models if slug not in self.books.unlisted]
        return web.json_response({"models": [{"name": slug, "path": f"/v3/async/{slug}"} for slug in slugs]})

    async def video(self, request: web.Request) -> web.StreamResponse:
        """GET of a signed address; no key is asked for, as at an object store."""
        self.books.downloads += 1
        task_id = request.match_info["task_id"]
        fault = self.faults.take(Where.VIDEO, task_id, unread=False)
        refusal = self.links.refusal(request)
        if refusal is not None and fault is None:
            return refusal
        task = self.books.tasks.get(task_id)
        if task is None:
            raise web.HTTPNotFound
        if fault is None:
            return await send_film(task.shape)
        return await self._spoil_video(request, fault, task)

    async def stray(self, request: web.Request) -> web.StreamResponse:
        """Where redirects of the API lead: nobody may ever come here."""
        self.books.strays.append(f"{request.method} {request.path_qs}")
        return web.json_response({"task_id": "stray"})

    async def nowhere(self, request: web.Request) -> web.StreamResponse:
        """Every other path or method."""
        raise GatewayError(404, "API_NOT_FOUND", f"{request.method} {request.path}")

    async def _accept(self, request: web.Request) -> Order:
        key = self.books.know_key(request.headers.get("Authorization", ""))
        model = self.books.model(request.match_info["slug"])
        body = parse_body(request.content_type, await request.read())
        check_body(model, body)
        order = self.books.open(model, body, key, dict(request.headers))
        self.taken(order)
        return order

    def _sign(self, request: web.Request, task: Task) -> str:
        suffix = f".{task.shape.container}"
        return f"{request.scheme}://{request.host}{self.links.issue(task.task_id, task.plan.ttl, suffix=suffix)}"

    def _spoil(self, request: web.Request, fault: Fault, answer: Mapping[str, JsonValue]) -> web.StreamResponse:
        response = fault.response(_redirected(request))
        honest = Honest(json.dumps(answer).encode())
        return response or socket_act(fault.kind, honest, fault.interval_seconds, self.stopping)

    async def _spoil_video(
        self, request: web.Request, fault: Fault, task: Task
    ) -> web.Response | SocketAct | FilmResponse | EndlessResponse:
        # 127.0.0.2 is another address than the gateway's own, and nothing listens there.
        response = fault.response(f"http://127.0.0.2:{request.url.port}{request.path}")
        if response is not None:
            return response
        if fault.kind is FaultKind.NO_CONTENT_LENGTH:
            return await send_film(task.shape, with_length=False)
        content = await asyncio.to_thread(film, task.shape)
        if fault.kind is FaultKind.ENDLESS:
            return EndlessResponse(request, content, self.stopping)
        if padding := task.shape.padding_bytes:
            content += free_box_header(padding) + bytes(padding - 8)
        return socket_act(fault.kind, Honest(content, task.shape.content_type), fault.interval_seconds, self.stopping)


def _target(request: web.Request) -> tuple[Where | None, str]:
    if request.method == "POST" and request.path.startswith("/v3/async/"):
        return Where.SUBMIT, ""
    if request.method == "GET" and request.path == "/v3/async/task-result":
        return Where.POLL, request.query.get("task_id", "")
    if request.method == "GET" and request.path.startswith("/results/"):
        return Where.VIDEO, request.path
    return None, ""


def _redirected(request: web.Request) -> str:
    return f"{request.scheme}://{request.host}/redirected{request.path_qs}"


def _id_answer(order: Order) -> dict[str, str]:
    return {order.task.plan.id_field or order.model.response_id_field: order.task_id}


async def _prompt(request: web.Request) -> str:
    try:
        return prompt_of(parse_body("application/json", await request.read()))
    except GatewayError:
        return ""
