"""Edit prompt and /video more:True: what the forms show, what they order, and that nothing typed is lost."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from bot.catalogue.catalogue import Catalogue
from bot.domain.character import Character, Sharing
from bot.domain.inputs import Inputs
from bot.domain.job import Job, JobState
from bot.domain.preferences import Preferences
from bot.domain.request import CharacterClip, VideoRequest
from bot.locales import Translator
from bot.store import characters, people
from cogs.video.edit import edit_form
from cogs.video.form_rows import spread
from cogs.video.form_video import packed
from sandbox.discord import Answer, Person, Upload, checks
from tests.bot.media.films import png
from tests.bot.orders.menus import menu_of
from tests.bot.store.records import NOW, add, job
from tests.cogs.club import Club, commands_done
from tests.cogs.posting import press

PICTURE = Upload("cat.png", png(), "image/png")
GIF = Upload("dog.png", b"GIF89a" + bytes(50), "image/png")
GONE = "This video is no longer in my records."
NO_CLIP = "Hailuo 2.3 cannot use a character clip. Please choose another model, or leave that out."


async def finished(club: Club, **changes: object) -> Job:
    """A video of mia's that is posted."""
    values: dict[str, object] = {
        "guild_id": club.guild.id,
        "server_id": club.guild.id,
        "channel_id": club.videos.id,
        "author_id": club.mia_member.user.id,
        "created_at": NOW - timedelta(days=1),
        "request": VideoRequest("a cat", 15, "9:16", audio=True, watermark=True),
    }
    return await add(club.database, job(**(values | changes)), state=JobState.DELIVERED)


async def press_edit(club: Club, job_id: str, *, by: Person | None = None, locale: str = "en-US") -> Answer:
    """Press Edit prompt below a video."""
    return await press(club, "edit", "Edit prompt", job_id, by=by, locale=locale)


def entered(answer: Answer) -> dict[str, object]:
    """What stands in a form's fields; a file field has nothing."""
    assert answer.form is not None, answer.text
    found: dict[str, object] = {}
    for field in answer.form.fields:
        options = field.component.get("options", ())
        chosen = [option["value"] for option in options if option.get("default")]
        found[field.label] = field.component.get("value", "") if field.component["type"] == 4 else chosen
    return found


async def newest(club: Club) -> Job:
    """The job that was made last."""
    return max(await club.jobs(), key=lambda each: each.created_at)


async def test_the_form_holds_what_the_video_was_made_of(club: Club) -> None:
    answer = await press_edit(club, (await finished(club)).id)

    assert entered(answer) == {
        "Prompt": "a cat",
        "Model": ["sora-2"],
        "Length": ["15"],
        "Orientation": ["portrait"],
        "First picture": [],
    }


async def test_a_change_is_a_new_order_of_whoever_sends_it(club: Club) -> None:
    source = await finished(club)
    ben_member = club.guild.add_member("ben", roles=[club.makers])
    ben = club.person(ben_member)
    form = (await press_edit(club, source.id, by=ben)).form

    answer = await ben.submit(form, {"Prompt": "a dog", "Length": "10 s"})

    made = await newest(club)
    assert "**Queued · #1 in line**" in answer.text
    assert (made.author_id, made.repeats, made.model_id) == (ben_member.user.id, source.id, "sora-2")
    assert (made.request.prompt, made.request.duration, made.request.aspect) == ("a dog", 10, "9:16")


async def test_the_longest_prompt_is_not_cut(club: Club) -> None:
    prompt = "wide 😀 " * 571 + "end"
    source = await finished(club, request=VideoRequest(prompt, 10, "16:9"))

    answer = await press_edit(club, source.id)

    assert len(prompt) == 4000
    assert entered(answer)["Prompt"] == prompt


async def test_the_picture_stays_or_is_replaced(club: Club) -> None:
    first = await club.mia.invoke("video", {"prompt": "a cat", "image": PICTURE}, channel=club.videos)
    await first.settled()
    source = await club.move(await club.job(), state=JobState.DELIVERED, created_at=NOW - timedelta(days=1))

    first_form = (await press_edit(club, source.id)).form
    await club.mia.submit(first_form, {"Prompt": "a dog"})
    await commands_done()
    kept = await newest(club)
    await club.move(kept, state=JobState.DELIVERED, created_at=NOW - timedelta(hours=20))
    opened = await press_edit(club, source.id)
    other = Upload("tree.png", png(32, 32), "image/png")
    await club.mia.submit(opened.form, {"Prompt": "a tree", "Replace picture": other})
    await commands_done()

    replaced = await newest(club)
    assert "Left empty, the picture of the video stays." in opened.text
    assert (kept.request.prompt, kept.inputs.picture) == ("a dog", source.inputs.picture)
    assert replaced.inputs.picture not in {None, source.inputs.picture}


async def test_what_carries_over_is_listed(club: Club) -> None:
    clip = CharacterClip("https://example.com/clip.mp4", NOW.resolution.seconds * 0, 2)  # type: ignore[arg-type]
    request = VideoRequest("a cat", 10, "16:9", character=clip, seed=4711, negative="rain", resolution="1080p")
    source = await finished(club, request=request, spoiler=True, private=True)

    answer = await press_edit(club, source.id)

    assert (
        "Stays as it is: the clip, the negative prompt, seed 4711, 1080p, hidden as a spoiler, and private"
        in answer.text
    )


@pytest.mark.parametrize(
    ("who", "job_id", "sentence"),
    [
        ("tom", None, "You need one of these roles to make videos here"),
        ("mia", "0123456789", GONE),
        ("owner", None, GONE),
    ],
    ids=["without the role", "gone", "private of somebody else"],
)
async def test_a_refusal_comes_before_the_form(club: Club, who: str, job_id: str | None, sentence: str) -> None:
    source = await finished(club, private=True)

    answer = await press_edit(club, job_id or source.id, by=getattr(club, who))

    assert answer.form is None
    assert answer.ephemeral
    assert sentence in answer.text
    assert len(await club.jobs()) == 1


async def test_after_a_refusal_everything_is_still_there(club: Club) -> None:
    source = await finished(club)
    opened = await press_edit(club, source.id)
    typed = {"Prompt": "w" * 2001, "Length": "10", "Orientation": "landscape", "First picture": PICTURE}

    refused = await club.mia.submit(opened.form, typed)
    again = await club.mia.click(refused.reply, "Change it")
    twice = await club.mia.click(refused.reply, "Change it")

    assert refused.ephemeral
    assert "takes at most 2,000" in refused.text
    expected = {
        "Prompt": "w" * 2001,
        "Model": ["sora-2"],
        "Length": ["10"],
        "Orientation": ["landscape"],
        "Replace picture": [],
    }
    assert entered(again) == entered(twice) == expected
    assert "your file stays attached unless you choose another" in again.text
    made = await club.mia.submit(again.form, {"Prompt": "a boat"})
    await made.settled()
    request = (await newest(club)).request
    assert (request.prompt, request.duration, request.aspect) == ("a boat", 10, "16:9")
    assert request.image is not None


async def test_a_bad_picture_does_not_come_back(club: Club) -> None:
    source = await finished(club)
    opened = await press_edit(club, source.id)

    refused = await club.mia.submit(opened.form, {"Prompt": "a boat", "First picture": GIF})
    await refused.settled()
    again = await club.mia.click(refused.reply, "Change it")

    assert "Please attach a PNG or JPEG picture." in refused.text
    assert "Please choose another file (PNG or JPEG)." in again.text
    assert entered(again)["Prompt"] == "a boat"
    made = await club.mia.submit(again.form, {})
    assert "Queued" in made.text
    assert (await newest(club)).request.image is None


async def test_above_the_managers_amount_it_asks_once_and_still_loses_nothing(club: Club) -> None:
    await club.settle_in(confirm_above=100)
    source = await finished(club)
    opened = await press_edit(club, source.id)

    asked = await club.mia.submit(opened.form, {"Prompt": "a boat"})
    await club.settle_in(confirm_above=100, words=("boat",))
    refused = await club.mia.click(asked.reply, "Make it")
    again = await club.mia.click(refused.reply, "Change it")

    assert "$0.225" in asked.text
    assert "don't allow a word in your prompt" in refused.text
    assert entered(again)["Prompt"] == "a boat"
    assert len(await club.jobs()) == 1


async def test_a_remix_stays_one_and_only_its_words_can_be_changed(club: Club) -> None:
    original = await finished(club)
    source = await finished(club, remix_of=original.id, request=VideoRequest("more rain"))

    answer = await press_edit(club, source.id)

    assert entered(answer) == {"Prompt": "more rain"}
    assert f"Stays as it is: a remix of `{original.id}`" in answer.text


async def test_with_several_models_one_can_be_chosen(club: Club) -> None:
    source = await finished(club)

    answer = await press_edit(club, source.id)

    assert answer.form is not None
    rows = {field.label: field.component.get("options", []) for field in answer.form.fields}
    assert [option["value"] for option in rows["Model"]] == [model.id for model in club.catalogue.models]
    assert [option["value"] for option in rows["Length"]] == [str(seconds) for seconds in range(1, 17)]
    assert {"landscape", "portrait", "square"} <= {option["value"] for option in rows["Orientation"]}
    told = {option["label"]: option.get("description") for option in (*rows["Length"], *rows["Orientation"])}
    assert told["16 s"] == "Vidu Q3 Turbo"
    assert told["4 s"] == "Kling 3, Veo 3.1 Fast, Seedance 2 Fast, Vidu Q3 Turbo"
    assert told["square"] == "Kling 3, Seedance 2 Fast, Wan 2.6, Vidu Q3 Turbo, Grok Imagine"
    assert entered(answer)["Model"] == ["sora-2"]


async def test_what_the_old_model_does_by_itself_is_not_asked_of_another(club: Club) -> None:
    source = await finished(club, request=VideoRequest("a cat", 10, None, audio=True, watermark=True))
    opened = await press_edit(club, source.id)

    answer = await club.mia.submit(opened.form, {"Model": "kling-3"})

    made = await newest(club)
    assert "Queued" in answer.text
    assert (made.model_id, made.request.audio, made.request.duration) == ("kling-3", False, 10)


async def test_what_another_model_cannot_use_is_refused_with_its_sentence(club: Club) -> None:
    clip = CharacterClip("https://example.com/clip.mp4", 0, 2)  # type: ignore[arg-type]
    source = await finished(club, request=VideoRequest("a cat", 10, None, character=clip, audio=True))
    opened = await press_edit(club, source.id)

    refused = await club.mia.submit(opened.form, {"Model": "hailuo-2.3", "Length": "6 s"})
    again = await club.mia.click(refused.reply, "Change it")

    assert refused.text == NO_CLIP
    assert entered(again) | {"Prompt": ""} == {
        "Prompt": "",
        "Model": ["hailuo-2.3"],
        "Length": ["6"],
        "Orientation": [],
        "First picture": [],
    }
    assert "Stays as it is: the clip" in again.text
    assert len(await club.jobs()) == 1


async def test_the_video_of_a_model_that_is_gone_is_made_with_another(club: Club) -> None:
    request = VideoRequest("a cat", 10, "16:9", audio=False, resolution="8K")
    source = await finished(club, model_id="zoetrope", request=request)
    opened = await press_edit(club, source.id)

    answer = await club.mia.submit(opened.form, {"Prompt": "a dog"})

    assert "Queued" in answer.text
    assert (await newest(club)).model_id == "sora-2"


SPOILER, BOTH = ["spoiler"], ["watermark", "spoiler"]
MORE: dict[str, tuple[list[str], list[str], list[str]]] = {
    "sora-2": ([], BOTH, BOTH),
    "kling-3": (["Negative prompt"], SPOILER, SPOILER),
    "veo-3.1-fast": (["Resolution", "Negative prompt", "Seed"], SPOILER, SPOILER),
    "hailuo-2.3": (["Resolution"], SPOILER, SPOILER),
    "seedance-2": (["Resolution", "Seed"], BOTH, BOTH),
    "wan-2.6": (["Resolution", "Negative prompt", "Seed"], BOTH, BOTH),
    "vidu-q3-turbo": (["Resolution", "Seed"], BOTH, SPOILER),
    "grok-imagine": (["Resolution"], SPOILER, SPOILER),
}
"""The rows of each model, and what can be ticked for a video from words and for one from a picture."""
ENDS = {"kling-3", "veo-3.1-fast", "seedance-2"}
"""Models that take a last picture, together with a first one."""


@pytest.mark.parametrize("model_id", MORE)
@pytest.mark.parametrize("pictured", [False, True])
async def test_the_form_for_more_fits_every_model_and_what_it_was_given(
    club: Club, model_id: str, *, pictured: bool
) -> None:
    picture = {"image": PICTURE} if pictured else {}
    command = {"prompt": "a cat", "model": model_id, "more": True, **picture}

    answer = await club.mia.invoke("video", command, channel=club.videos)

    assert answer.form is not None
    rows = {field.label: field.component for field in answer.form.fields}
    labels, from_words, from_picture = MORE[model_id]
    last = {"Last picture"} if pictured and model_id in ENDS else set[str]()
    assert rows.keys() == {*labels, *last, "Options"}
    ticks = [option["value"] for option in rows["Options"]["options"]]
    assert ticks == (from_picture if pictured else from_words)
    assert {model.id for model in club.catalogue.models} == MORE.keys()


VEO = {"Resolution": ["720p"], "Last picture": [], "Negative prompt": "", "Seed": "", "Options": []}


@pytest.mark.parametrize(
    ("options", "rows"),
    [
        ({}, {"Options": ["watermark"]}),
        ({"model": "veo-3.1-fast", "image": PICTURE}, VEO),
        ({"model": "kling-3", "image_url": "https://example.com/a.png"}, {"Last picture": [], "Options": []}),
        ({"model": "hailuo-2.3"}, {"Resolution": ["768P"], "Options": []}),
        ({"model": "grok-imagine"}, {"Resolution": ["720p"], "Options": []}),
    ],
    ids=["sora", "veo", "kling", "hailuo", "grok"],
)
async def test_the_form_for_more_has_only_what_the_model_has(
    club: Club, options: dict[str, object], rows: dict[str, object]
) -> None:
    answer = await club.mia.invoke("video", {"prompt": "a cat", "more": True, **options}, channel=club.videos)

    found = entered(answer)
    assert found.items() >= rows.items()
    assert await club.jobs() == []


async def test_more_is_ordered_together_with_what_the_command_was_given(club: Club) -> None:
    options = {"prompt": "a cat", "model": "Veo 3.1 Fast", "duration": 8, "image": PICTURE, "more": True}
    opened = await club.mia.invoke("video", options, channel=club.videos)
    last = Upload("end.png", png(32, 32), "image/png")
    typed = {"Resolution": "1080p", "Last picture": last, "Negative prompt": "rain", "Seed": " 4711 "}

    answer = await club.mia.submit(opened.form, {**typed, "Options": ["spoiler"]})

    await answer.settled()
    made = await club.job()
    request = made.request
    assert (request.prompt, request.duration, request.resolution) == ("a cat", 8, "1080p")
    assert (request.negative, request.seed, made.spoiler) == ("rain", 4711, True)
    assert None not in {made.inputs.picture, made.inputs.last_picture}
    assert made.inputs.picture != made.inputs.last_picture


async def test_the_watermark_can_be_taken_out(club: Club) -> None:
    opened = await club.mia.invoke("video", {"prompt": "a cat", "more": True}, channel=club.videos)

    await club.mia.submit(opened.form, {"Options": []})

    made = await club.job()
    assert (made.request.watermark, made.spoiler) == (False, False)


@pytest.mark.parametrize("seed", ["lots", "-1", "1.5", "4294967296"])
async def test_a_bad_seed_is_told_and_can_be_changed(club: Club, seed: str) -> None:
    options = {"prompt": "a cat", "model": "veo-3.1-fast", "image": PICTURE, "more": True}
    opened = await club.mia.invoke("video", options, channel=club.videos)
    typed = {"Resolution": "1080p", "Last picture": PICTURE, "Negative prompt": "rain", "Options": ["spoiler"]}

    refused = await club.mia.submit(opened.form, {**typed, "Seed": seed})
    again = await club.mia.click(refused.reply, "Change it")

    assert refused.text == "A seed is a whole number from 0 to 4294967295. Nothing was charged."
    expected = {"Resolution": ["1080p"], "Last picture": [], "Negative prompt": "rain", "Options": ["spoiler"]}
    assert entered(again) == {**expected, "Seed": seed}
    assert "your file stays attached" in again.text


async def test_who_may_not_order_is_refused_before_the_form_for_more(club: Club) -> None:
    answer = await club.tom.invoke("video", {"prompt": "a cat", "more": True}, channel=club.videos)

    assert answer.form is None
    assert answer.text.startswith("You need one of these roles")


async def test_many_models_with_many_lengths_fit_into_a_form(tmp_path: Path) -> None:
    one = (
        '[[models]]\nid = "model-{n}"\ntitle = "{title}"\nprompt_limit = 4000\nsound = "optional"\n'
        "durations = {{ min = 1, max = 120, default = 47 }}\naspects = {{ choices = {{ {words} }}, default = 'w0' }}\n"
        '[[models.routes]]\nslug = "slug-{n}"\ntakes = ["image"]\n[models.routes.body]\n'
        'prompt = {{ from = "prompt" }}\nimage = {{ from = "image" }}\nduration = {{ from = "duration" }}\n'
        'aspect = {{ from = "aspect" }}\naudio = {{ from = "audio" }}\n'
    )
    words = ", ".join(f'w{number} = "{number}:9"' for number in range(25))
    file = tmp_path / "models.toml"
    file.write_text("".join(one.format(n=n, title="T" * 47 + f"{n:03}", words=words) for n in range(30)))
    request = VideoRequest("p" * 4000, 47, "3:9", seed=2**32, negative="rain", resolution="R" * 90, audio=True)
    source = job(model_id="model-29", request=request, spoiler=True, private=True, inputs=Inputs(clip="a", picture="b"))

    form = edit_form(source, menu_of(Catalogue.load(file)), Translator("de")).to_dict()

    assert checks.modal(form) is None
    rows = {row["label"]: row["component"].get("options", []) for row in form["components"]}
    assert {len(options) for options in rows.values()} == {0, 25}
    chosen = [option["value"] for options in rows.values() for option in options if option.get("default")]
    assert chosen == ["model-29", "47", "w3"]


def test_nothing_that_carries_over_is_cut_off() -> None:
    things = [f"thing number {number}" for number in range(12)]

    lines = list(packed("Stays as it is: {things}", things, Translator("en-US")))

    assert all(len(line) <= 100 for line in lines)
    assert all(thing in " ".join(lines) for thing in things)


@pytest.mark.parametrize("preset", [None, 1, 2, 47, 120, 500])
def test_many_lengths_are_thinned_out_around_the_chosen_one(preset: int | None) -> None:
    offered = spread(range(1, 121), preset)

    assert len(offered) <= 25
    assert {1, 120} <= set(offered)
    assert (preset in offered) == (preset in range(1, 121))
    assert offered == sorted(set(offered))


async def test_lengths_and_orientations_follow_the_chosen_model(club: Club) -> None:
    lengths = await club.mia.autocomplete("video", "duration", "", channel=club.videos, options={"model": "hailuo-2.3"})
    named = await club.mia.autocomplete("video", "duration", "", channel=club.videos, options={"model": "Kling 3"})
    unknown = await club.mia.autocomplete("video", "duration", "", channel=club.videos, options={"model": "none"})
    models = await club.mia.autocomplete("video", "model", "SORA", channel=club.videos)

    assert [choice["value"] for choice in lengths] == [6, 10]
    assert [choice["value"] for choice in named] == list(range(3, 16))
    assert unknown == []
    assert models == [{"name": "Sora 2 · 10 or 15 s", "value": "sora-2"}]
    assert await club.tom.autocomplete("video", "model", "", channel=club.videos) == []


async def test_characters_are_completed_with_whose_they_are(club: Club) -> None:
    mia, mod = club.mia_member.user.id, club.mod.user.id
    own = Character("0000000001", mia, club.guild.id, "Otto", "a.mp4", Decimal(2), NOW, NOW)
    shared = replace(own, id="0000000002", owner_id=mod, name="Ottilie", sharing=Sharing.EVERYONE)
    hidden = replace(own, id="0000000003", owner_id=mod, name="Ottokar")
    async with club.database.write() as tx:
        for one in (own, shared, hidden):
            assert await characters.add(tx, one)

    offered = await club.mia.autocomplete("video", "character", "OTT", channel=club.videos)

    assert offered == [
        {"name": "Otto", "value": own.id},
        {"name": "Ottilie · shared", "value": shared.id},
    ]


@pytest.mark.parametrize(
    ("who", "text", "sentence"),
    [
        ("mia", "nobody", "There is no such character that you may use here."),
        ("mia", " OTTO ", "I don't keep the picture or clip that this needs any more."),
        ("tom", "nobody", "You need one of these roles"),
    ],
    ids=["unknown", "a pasted name", "without the role"],
)
async def test_a_pasted_name_is_looked_up_once_the_gate_lets_in(club: Club, who: str, text: str, sentence: str) -> None:
    own = Character("0000000001", club.mia_member.user.id, club.guild.id, "Otto", "a.mp4", Decimal(2), NOW, NOW)
    async with club.database.write() as tx:
        assert await characters.add(tx, own)

    answer = await getattr(club, who).invoke("video", {"prompt": "a cat", "character": text}, channel=club.videos)

    await answer.settled()
    # The one found by its name has no file here, which is as far as an order gets.
    assert answer.text.startswith(sentence)
    assert await club.jobs() == []


async def test_without_a_model_lengths_are_those_of_the_preferred_one(club: Club) -> None:
    async with club.database.write() as tx:
        await people.save_preferences(tx, club.mia_member.user.id, Preferences(model_id="hailuo-2.3"))

    lengths = await club.mia.autocomplete("video", "duration", "", channel=club.videos)

    assert [choice["value"] for choice in lengths] == [6, 10]
