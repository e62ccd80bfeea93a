"""A local video gateway that speaks the protocol of the real ones, with scripts and faults."""

from sandbox.gateway.faults import Fault, FaultKind, Where
from sandbox.gateway.films import VideoShape
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
    "Fail",
    "Fault",
    "FaultKind",
    "FetchedInput",
    "GatewayServer",
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
