"""What one gateway has been asked and has promised: keys, plans, orders, tasks, counts."""

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from sandbox.gateway.asked import asked_shape
from sandbox.gateway.bodies import Body
from sandbox.gateway.errors import GatewayError, invalid
from sandbox.gateway.models import Model, load_models
from sandbox.gateway.plans import Plan, Script, Vanish
from sandbox.gateway.tasks import Order, Poll, Refused, Task

REMIXES = {"sora-2-remix-reverse": "sora-2-video-reverse"}


@dataclass(slots=True)
class Books:
    """The memory of one gateway."""

    keys: tuple[str, ...]
    clock: Callable[[], float] = time.monotonic
    models: dict[str, Model] = field(default_factory=load_models)
    default_plan: Plan = field(default_factory=Plan)
    scripts: list[Script] = field(default_factory=list)
    orders: list[Order] = field(default_factory=list)
    tasks: dict[str, Task] = field(default_factory=dict)
    refused: list[Refused] = field(default_factory=list)
    poll_log: list[Poll] = field(default_factory=list)
    submits: int = 0
    downloads: int = 0
    strays: list[str] = field(default_factory=list)
    unlisted: set[str] = field(default_factory=set)
    """Endpoints that are served and not in the public list."""

    def know_key(self, authorization: str) -> str:
        """The key of an Authorization header; raises GatewayError for a bad one."""
        scheme, _, key = authorization.partition(" ")
        if scheme != "Bearer" or not key:
            raise GatewayError(401, "FAILED_TO_AUTH", "no bearer key")
        if key not in self.keys:
            raise GatewayError(403, "INVALID_API_KEY")
        return key

    def model(self, slug: str) -> Model:
        """The model behind an endpoint; raises GatewayError for one that isn't served."""
        if slug not in self.models:
            raise GatewayError(404, "MODEL_NOT_FOUND", slug)
        return self.models[slug]

    def find_task(self, task_id: str, key: str) -> Task:
        """A task of this key; raises GatewayError for an unknown one."""
        task = self.tasks.get(task_id)
        if task is None or task.key != key or isinstance(task.ending, Vanish):
            raise GatewayError(404, "TASK_NOT_FOUND", task_id)
        return task

    def forget(self, task: Task | str) -> None:
        """Know a task no longer (KeyError if that is so already): neither polls nor remixes find it."""
        del self.tasks[task if isinstance(task, str) else task.task_id]

    def open(self, model: Model, body: Body, key: str, headers: dict[str, str]) -> Order:
        """Take a checked order: its task lives from now on."""
        shape = asked_shape(model, body)
        if model.slug in REMIXES:
            source = self.find_task(str(body["task_id"]), key)
            if source.slug != REMIXES[model.slug]:
                raise invalid(f"task_id is no task of {REMIXES[model.slug]}")
            shape = source.shape
        now = self.clock()
        plan = self._plan_for(body)
        task = Task(secrets.token_hex(16), model.slug, key, plan, shape, self.clock, now)
        order = Order(task, model, body, key, now, headers)
        self.tasks[task.task_id] = task
        self.orders.append(order)
        return order

    def _plan_for(self, body: Body) -> Plan:
        prompt = prompt_of(body)
        for script in self.scripts:
            if script.prompt is not None and script.prompt not in prompt:
                continue
            if script.times is not None:
                script.times -= 1
                if script.times == 0:
                    self.scripts.remove(script)
            return script.plan
        return self.default_plan


def prompt_of(body: Body) -> str:
    """The prompt of a body, wherever its model keeps it; empty when there is none."""
    nested = body.get("input")
    prompt = body.get("prompt", nested.get("prompt") if isinstance(nested, dict) else None)
    return prompt if isinstance(prompt, str) else ""
