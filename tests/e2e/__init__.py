"""The whole program as its own process, between a local Discord and a local gateway."""

import pytest

# What its assertions compare is shown like that of the tests themselves.
pytest.register_assert_rewrite("tests.e2e.scene")
