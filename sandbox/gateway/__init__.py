"""A local video gateway that speaks the protocol of the real ones, with scripts and faults."""

from sandbox.gateway.faults import Fault, FaultKind, Where
from sandbox.gateway.films import Damage, Index, VideoShape
from sandbox.gateway.plans import (
    Fail,
    NeverFinish,
    Plan,
    Succeed,
    SucceedWithoutVideo,
    UnknownStatus,
    Vanish,
)
from sandbox.gateway.server import GatewayServer
from sandbox.gateway.tasks import FetchedInput, Order, Refused, Status, Task

__all__ = [
    "Damage",
    "Fail",
    "Fault",
    "FaultKind",
    "FetchedInput",
    "GatewayServer",
    "Index",
    "NeverFinish",
    "Order",
    "Plan",
    "Refused",
    "Status",
    "Succeed",
    "SucceedWithoutVideo",
    "Task",
    "UnknownStatus",
    "Vanish",
    "VideoShape",
    "Where",
]
