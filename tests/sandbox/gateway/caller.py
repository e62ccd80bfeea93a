"""A plain aiohttp client of the gateway's two endpoints."""

import json
from dataclasses import dataclass, field

import aiohttp
from pydantic import JsonValue, TypeAdapter
from yarl import URL

from sandbox.gateway import GatewayServer

SORA = "sora-2-video-reverse"
REMIX = "sora-2-remix-reverse"
OBJECT = TypeAdapter(dict[str, JsonValue])


def sora_body(**changes: JsonValue) -> dict[str, JsonValue]:
    return {"prompt": "a fox in snow", "duration": 10, "size": "1280x720", **changes}


@dataclass(slots=True)
class Answered:
    """One answer, read to its end."""

    status: int
    body: bytes
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def data(self) -> dict[str, JsonValue]:
        return OBJECT.validate_json(self.body)

    def part(self, name: str) -> dict[str, JsonValue]:
        value = self.data[name]
        assert isinstance(value, dict)
        return value

    @property
    def reason(self) -> JsonValue:
        return self.data["reason"]

    @property
    def video(self) -> dict[str, JsonValue]:
        videos = self.data["videos"]
        assert isinstance(videos, list)
        assert isinstance(videos[0], dict)
        return videos[0]


@dataclass(slots=True)
class Caller:
    """Sends what a test says to one gateway."""

    session: aiohttp.ClientSession
    gateway: GatewayServer
    patience_seconds: float = 10

    async def send(self, method: str, url: str, *, data: bytes | None = None, **headers: str) -> Answered:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        # Signed addresses must be asked for as they were written.
        address = URL(url, encoded=True)
        timeout = aiohttp.ClientTimeout(sock_read=self.patience_seconds)
        async with self.session.request(
            method, address, data=data, headers=named, allow_redirects=False, timeout=timeout
        ) as response:
            return Answered(response.status, await response.read(), dict(response.headers))

    async def submit(self, body: JsonValue = None, *, slug: str = SORA) -> Answered:
        return await self.send(
            "POST",
            f"{self.gateway.url}/v3/async/{slug}",
            data=json.dumps(sora_body() if body is None else body).encode(),
            Authorization=f"Bearer {self.gateway.key}",
            Content_Type="application/json",
        )

    async def order(self, body: JsonValue = None, *, slug: str = SORA) -> str:
        answered = await self.submit(body, slug=slug)
        assert answered.status == 200, answered.body
        return self.gateway.orders[-1].task_id

    async def poll(self, task_id: str) -> Answered:
        return await self.send(
            "GET",
            f"{self.gateway.url}/v3/async/task-result?task_id={task_id}",
            Authorization=f"Bearer {self.gateway.key}",
        )

    async def task(self, task_id: str) -> dict[str, JsonValue]:
        return (await self.poll(task_id)).part("task")

    async def video_url(self, body: JsonValue = None) -> str:
        task_id = await self.order(body)
        self.gateway.tasks[task_id].finish()
        return str((await self.poll(task_id)).video["video_url"])

    async def get(self, url: str) -> Answered:
        return await self.send("GET", url)
