"""What the machine has that encoding needs."""

import os
import re
from pathlib import Path

from bot.media.machine import ENOUGH_BYTES, memory_bytes

COMPOSE = Path(__file__).parents[3] / "compose.yaml"
MACHINE = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")


def test_a_container_has_the_memory_that_it_is_allowed(tmp_path: Path) -> None:
    limit = tmp_path / "memory.max"
    limit.write_text("536870912\n")

    assert memory_bytes((limit, tmp_path / "none")) == 512 << 20


def test_without_a_limit_it_is_the_machines(tmp_path: Path) -> None:
    limit = tmp_path / "memory.max"
    limit.write_text("max\n")

    assert memory_bytes((limit,)) == MACHINE


def test_the_container_that_ships_may_encode() -> None:
    limit = re.search(r"^ +mem_limit: (\d+)m$", COMPOSE.read_text(), re.MULTILINE)

    assert limit is not None
    assert int(limit[1]) << 20 >= ENOUGH_BYTES
