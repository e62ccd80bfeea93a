"""/video-mod words: the panel, its forms, the base list, and what is taken over of AutoMod."""

import pytest

from bot.policy.words import MAX_WORD_LENGTH
from bot.store import acts
from cogs.video_mod.word_forms import FIELD_LIMIT, fields_of
from sandbox.discord import Answer, Message, Permission, automod, wait_until
from tests.cogs.club import Club

WORDS, PATTERNS = "Words or phrases, one per line", "Patterns, one per line"
MODERATORS_ONLY = "Only moderators can do that: Moderate Members, or the moderator role chosen in setup."
REFUSED = "This server's moderators don't allow a word in your prompt. Please rephrase it. Nothing was charged."
BASE = "A word in your prompt is not allowed here. Please rephrase it. Nothing was charged."
MINORS = "I never make sexual content with minors, in any server. Nothing was charged."
BUTTONS = ["Edit words…", "Edit patterns…", "Switch the base list off", "Take over AutoMod's words"]


async def opened(club: Club) -> Message:
    """The panel as a moderator has it."""
    return (await club.mod.invoke("video-mod words", channel=club.videos)).reply


async def written(club: Club, panel: Message, button: str, values: dict[str, object]) -> Answer:
    """A form of the panel, filled in and sent."""
    form = (await club.mod.click(panel, button)).form
    return await club.mod.submit(form, values)


async def ordered(club: Club, prompt: str) -> str:
    """What Mia is told when she orders."""
    return (await club.mia.invoke("video", {"prompt": prompt}, channel=club.videos)).text


async def test_the_panel_is_private_and_counts_what_there_is(club: Club) -> None:
    await club.settle_in(words=("gore", "bad"), word_patterns=("b.d",), base_words=False)

    answer = await club.mod.invoke("video-mod words", channel=club.videos)

    assert answer.ephemeral
    assert "Words and phrases: 2\nPatterns: 1\nBase list (sexual content and gore, English): off" in answer.text
    assert "Sexual content with minors is refused in every server and can't be allowed." in answer.text
    assert list(answer.reply.buttons) == [*BUTTONS[:2], "Switch the base list on", BUTTONS[3]]


async def test_words_are_written_in_a_form_and_hold_at_once(club: Club) -> None:
    panel = await opened(club)

    saved = await written(club, panel, "Edit words…", {WORDS: "volcano\nbad  word,volcano\n"})
    again = (await club.mod.click(panel, "Edit words…")).form

    assert saved.message is panel
    assert panel.text.endswith("2 words or phrases are blocked now.")
    assert "Words and phrases: 2" in panel.text
    assert again is not None
    assert again.fields[0].component["value"] == "volcano\nbad word"
    assert await ordered(club, "so many VOLC\u0430NO") == REFUSED
    assert await ordered(club, "v o l c a n o") == REFUSED
    assert "**Queued" in await ordered(club, "volcanoes")


async def test_patterns_are_written_in_a_form_and_hold_at_once(club: Club) -> None:
    panel = await opened(club)

    await written(club, panel, "Edit patterns…", {PATTERNS: r"volc\w+" + "\n" + r"\bb[ao]d{2,}\b"})

    assert panel.text.endswith("2 patterns are blocked now.")
    assert await ordered(club, "two Volcanoes") == REFUSED
    assert await ordered(club, "so badddd") == REFUSED


@pytest.mark.parametrize(
    ("pattern", "told"),
    [
        ("(volc*", "I can't read the pattern “(volc\\*”: missing ): (volc\\*. Nothing was changed."),
        ("a*", "The pattern “a\\*” matches every prompt. Nothing was changed."),
        ("(?<=a)b", "I can't read the pattern “(?\\<=a)b”: invalid perl operator: (?\\<=. Nothing was changed."),
    ],
)
async def test_a_bad_pattern_is_named_and_nothing_typed_is_lost(club: Club, pattern: str, told: str) -> None:
    panel = await opened(club)

    refused = await written(club, panel, "Edit patterns…", {PATTERNS: f"fine\n{pattern}"})
    said = refused.text
    form = (await club.mod.click(refused.reply, "Change it")).form
    assert form is not None
    kept = form.fields[0].component["value"]
    saved = await club.mod.submit(form, {PATTERNS: "fine"})

    assert refused.ephemeral
    assert said == told
    assert kept == f"fine\n{pattern}"
    assert saved.text == "Saved."
    await wait_until(lambda: panel.text.endswith("1 pattern is blocked now."))
    assert (await club.chosen()).choices.word_patterns == ("fine",)


async def test_words_that_are_too_long_are_named_and_can_be_changed(club: Club) -> None:
    panel = await opened(club)
    typed = "fine\n" + "*" * (MAX_WORD_LENGTH + 1)

    refused = await written(club, panel, "Edit words…", {WORDS: typed})
    form = (await club.mod.click(refused.reply, "Change it")).form

    assert refused.text.startswith("“" + "\\*" * 20)
    assert form is not None
    assert form.fields[0].component["value"] == typed
    assert (await club.chosen()).choices.words == ()


async def test_the_base_list_holds_until_it_is_switched_off(club: Club) -> None:
    panel = await opened(club)
    before = await ordered(club, "a beheading")

    await club.mod.click(panel, "Switch the base list off")
    after = await ordered(club, "a beheading")

    assert before == BASE
    assert panel.text.endswith("The base list is off now.")
    assert list(panel.buttons) == [*BUTTONS[:2], "Switch the base list on", BUTTONS[3]]
    assert "**Queued" in after
    await club.mod.click(panel, "Switch the base list on")
    assert await ordered(club, "a behe4ding") == BASE


async def test_sexual_content_with_minors_is_refused_whatever_was_chosen(club: Club) -> None:
    await club.settle_in(base_words=False)

    for person in (club.mia, club.manager, club.owner):
        refused = await person.invoke("video", {"prompt": "a nude 12-year-old"}, channel=club.videos)
        assert (refused.text, refused.ephemeral) == (MINORS, True)
    assert await club.jobs() == []


async def test_automods_words_are_taken_over(club: Club) -> None:
    club.guild.me.give(club.guild.add_role("Helpers", permissions=Permission.MANAGE_GUILD))
    automod.add_rule(club.guild, "words", ["volcano*", "lava"], [r"mag+ma", r"(?<=x)y"])
    automod.add_rule(club.guild, "switched off", ["harmless"], enabled=False)
    automod.add_rule(club.guild, "Discord's list", is_preset=True)
    panel = await opened(club)

    await (await club.mod.click(panel, "Take over AutoMod's words")).settled()

    assert "New from AutoMod: 2 words, 1 pattern.\nI can't use these patterns: “(?\\<=x)y”" in panel.text
    chosen = (await club.chosen()).choices
    assert (chosen.words, chosen.word_patterns) == (("volcano*", "lava"), ("mag+ma",))
    assert await ordered(club, "two volcanoes") == REFUSED


async def test_a_server_without_rules_has_nothing_to_take_over(club: Club) -> None:
    club.guild.me.give(club.guild.add_role("Helpers", permissions=Permission.MANAGE_GUILD))
    panel = await opened(club)

    await (await club.mod.click(panel, "Take over AutoMod's words")).settled()

    assert panel.text.endswith("New from AutoMod: 0 words, 0 patterns.")
    assert await club.ask(lambda tx: acts.count(tx, club.guild.id)) == 0


async def test_without_manage_server_the_bot_says_what_to_allow(club: Club) -> None:
    automod.add_rule(club.guild, "words", ["volcano"])
    panel = await opened(club)

    refused = await (await club.mod.click(panel, "Take over AutoMod's words")).settled()

    told = "Discord doesn't let me read AutoMod's words: I need Manage Server for that. Give it to my role, press"
    assert refused.text.startswith(told)
    assert (await club.chosen()).choices.words == ()


@pytest.mark.parametrize("button", BUTTONS)
async def test_who_is_no_moderator_any_more_can_press_nothing(club: Club, button: str) -> None:
    panel = await opened(club)
    member = club.guild.members[club.mod.user.id]
    member.take(*member.roles)

    answer = await (await club.mod.click(panel, button)).settled()

    assert (answer.text, answer.ephemeral) == (MODERATORS_ONLY, True)
    assert (await club.chosen()).choices.base_words


@pytest.mark.parametrize(("button", "field"), [("Edit words…", WORDS), ("Edit patterns…", PATTERNS)])
async def test_who_is_no_moderator_any_more_can_send_no_form(club: Club, button: str, field: str) -> None:
    form = (await club.mod.click(await opened(club), button)).form
    member = club.guild.members[club.mod.user.id]
    member.take(*member.roles)

    answer = await club.mod.submit(form, {field: "volcano"})

    assert answer.text == MODERATORS_ONLY
    chosen = (await club.chosen()).choices
    assert (chosen.words, chosen.word_patterns) == ((), ())


async def test_the_moderator_role_of_setup_may_write_words(club: Club) -> None:
    await club.settle_in(moderator_role_id=club.makers.id)
    (command,) = (item for item in club.server.commands.of(None) if item["name"] == "video-mod")
    command["default_member_permissions"] = None

    panel = (await club.mia.invoke("video-mod words", channel=club.videos)).reply
    form = (await club.mia.click(panel, "Edit words…")).form
    await club.mia.submit(form, {WORDS: "volcano"})

    assert (await club.chosen()).choices.words == ("volcano",)


async def test_the_longest_list_of_words_fits_and_keeps_every_word(club: Club) -> None:
    words = tuple(f"{number:03d}".ljust(MAX_WORD_LENGTH, "w") for number in range(311))
    await club.settle_in(words=words)
    panel = await opened(club)

    await written(club, panel, "Edit words…", {})

    assert panel.text.endswith("311 words or phrases are blocked now.")
    assert (await club.chosen()).choices.words == words


def test_a_list_that_half_fills_its_last_field_gets_another() -> None:
    assert fields_of(()) == [""]
    assert fields_of(("a", "b")) == ["a\nb"]
    assert fields_of(("w" * 2001,)) == ["w" * 2001, ""]
    assert [len(text) <= FIELD_LIMIT for text in fields_of(("w" * 60,) * 311)] == [True] * 5
