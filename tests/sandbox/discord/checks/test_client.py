"""What discord.py really sends passes our checks, and Discord's own description as well."""

import pytest

from sandbox.discord import checks
from tests.openapi import FORM, JSON, described
from tests.sandbox.discord.checks import bodies
from tests.sandbox.discord.checks.nested import places


@pytest.mark.parametrize("name", bodies.MESSAGES)
async def test_a_message_of_the_client_is_accepted(name: str) -> None:
    sent = bodies.MESSAGES[name]()

    assert checks.message(sent.message, attachments=sent.files) is None
    assert not checks.is_empty(sent.message, sent.files)


@pytest.mark.parametrize("name", bodies.EDITS)
async def test_an_edit_of_the_client_is_accepted(name: str) -> None:
    sent = bodies.EDITS[name]()

    assert checks.message(sent.message, editing=True, attachments=sent.files) is None


@pytest.mark.parametrize("name", [*bodies.MESSAGES, *bodies.EDITS])
async def test_a_message_of_the_client_fits_the_description(name: str) -> None:
    sent = (bodies.MESSAGES | bodies.EDITS)[name]()

    faults = described().check_request(sent.method, sent.path, {}, sent.body, FORM if sent.files else JSON)

    assert faults == []


@pytest.mark.parametrize("name", bodies.FORMS)
async def test_a_form_of_the_client_is_accepted(name: str) -> None:
    assert checks.modal(bodies.FORMS[name]()) is None


@pytest.mark.parametrize("name", bodies.FORMS)
async def test_a_form_of_the_client_fits_the_description(name: str) -> None:
    body = {"type": 9, "data": bodies.FORMS[name]()}

    assert described().check_request("POST", bodies.CALLBACK, {"with_response": "1"}, body) == []


async def test_commands_of_the_client_are_accepted() -> None:
    assert checks.commands(bodies.with_file_types(bodies.commands())) is None


async def test_commands_of_the_client_fit_the_description() -> None:
    payloads = bodies.with_file_types(bodies.commands())

    assert described().check_request("PUT", bodies.COMMANDS, {}, payloads) == []


async def test_the_library_does_not_stop_too_much_text_but_the_checks_do() -> None:
    errors = checks.message(bodies.card_of_too_much_text())

    assert places(errors) == {"components": ["COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED"]}
