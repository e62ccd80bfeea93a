"""A server whose own manager runs setup asks the operator, whose answer works after a restart: the whole program."""

from sandbox.club import Club
from sandbox.discord import wait_until
from tests.e2e.scene import PATIENCE_SECONDS, Scene

ASKED = "The operator of this bot has been asked to approve this server."
DECLINED = "The operator of this bot has declined to serve this server, so no videos can be made here."
APPROVED = "The operator of this bot has approved **Other Club**: videos can be made there now."


async def test_the_operator_lets_a_server_in_after_a_restart_and_turns_it_away_again(alone: Scene) -> None:
    stage, world = alone.stage, alone.stage.discord.world
    other = Scene(stage, Club.found(stage.discord, owner=world.add_user("olga"), name="Other Club"))
    operator = alone.person(alone.club.owner)
    await stage.open()
    assert ASKED in (await other.club.set_up()).text
    await wait_until(lambda: bool(operator.dms()), PATIENCE_SECONDS)
    await stage.crash()
    await stage.open()
    before = await other.order()

    (question,) = operator.dms()
    await operator.click(question, "Approve")
    await wait_until(lambda: APPROVED in [each.text for each in other.club.log.history], PATIENCE_SECONDS)
    await other.order()
    await other.becomes("delivered")
    await operator.click(question, "Decline")
    after = await other.order("another boat")

    assert before.text.startswith(ASKED)
    assert after.text == DECLINED
    assert other.states == ["delivered"]
    assert operator.dms() == [question]
    assert question.text.endswith("**Declined. Its managers are told.**")
