"""Loading the catalogue, what a faulty file is told, and what its models refuse."""

from decimal import Decimal
from pathlib import Path
from string import Formatter

import pytest

from bot.catalogue import errors
from bot.catalogue.catalogue import Catalogue
from bot.catalogue.errors import CatalogueError, UnknownModelError
from bot.catalogue.wire import resolve
from bot.domain.errors import RefusalError
from bot.domain.request import CharacterClip, VideoRequest
from bot.domain.sentence import Sentence

SHIPPED = [
    "sora-2",
    "kling-3",
    "veo-3.1-fast",
    "hailuo-2.3",
    "seedance-2",
    "wan-2.6",
    "vidu-q3-turbo",
    "grok-imagine",
]
CLIP = CharacterClip("https://x.example/c.mp4", Decimal(0), Decimal(2))
PICTURE = "https://x.example/a.png"
OWN = """
[[models]]
id = "own"
title = "Own"
prompt_limit = 100
durations = { choices = [5], default = 5 }
sound = "never"

[[models.routes]]
slug = "own-t2v"

[models.routes.body]
prompt = { from = "prompt" }
duration = { from = "duration", as = "text" }
"""


def write(folder: Path, text: str) -> Path:
    path = folder / "own.toml"
    path.write_text(text)
    return path


def faults(folder: Path, text: str) -> list[str]:
    with pytest.raises(CatalogueError) as caught:
        Catalogue.load(write(folder, text))
    return caught.value.faults


def test_the_catalogue_that_ships_has_sora_as_its_default() -> None:
    catalogue = Catalogue.load()

    assert [model.id for model in catalogue.models] == SHIPPED
    assert catalogue.default is catalogue.get("sora-2")


def test_an_own_file_adds_a_model_and_may_choose_the_default(tmp_path: Path) -> None:
    catalogue = Catalogue.load(write(tmp_path, 'default = "own"\n' + OWN))

    assert [model.id for model in catalogue.models] == [*SHIPPED, "own"]
    assert catalogue.default.id == "own"


def test_a_number_can_be_sent_as_text(tmp_path: Path) -> None:
    catalogue = Catalogue.load(write(tmp_path, OWN))

    assert resolve(catalogue.get("own"), VideoRequest("x")).body == {"prompt": "x", "duration": "5"}


def test_an_own_entry_replaces_the_one_that_ships(tmp_path: Path) -> None:
    catalogue = Catalogue.load(write(tmp_path, OWN.replace('"own"', '"sora-2"')))

    assert catalogue.get("sora-2").title == "Own"


def test_a_model_that_is_switched_off_is_no_longer_offered(tmp_path: Path) -> None:
    catalogue = Catalogue.load(write(tmp_path, OWN.replace("prompt_limit", "enabled = false\nprompt_limit")))

    with pytest.raises(UnknownModelError) as caught:
        catalogue.get("own")

    titles = tuple(model.title for model in Catalogue.load().models)
    assert caught.value.sentence.params == {"model": "Own", "models": titles}
    assert [model.id for model in catalogue.models] == SHIPPED
    assert catalogue.title("own") == "Own"


def test_a_model_that_nobody_knows_is_named_by_its_id() -> None:
    with pytest.raises(UnknownModelError) as caught:
        Catalogue.load().get("sora-1")

    assert caught.value.sentence.params["model"] == "sora-1"


def test_an_endpoint_is_named_by_its_model_also_by_one_that_is_switched_off_or_else_as_it_is(tmp_path: Path) -> None:
    catalogue = Catalogue.load(write(tmp_path, OWN.replace("prompt_limit", "enabled = false\nprompt_limit")))

    told = [catalogue.title_at(slug) for slug in ("sora-2-remix-reverse", "own-t2v", "nobody-t2v")]

    assert told == ["Sora 2", "Own", "nobody-t2v"]


def test_every_fault_of_a_file_is_told_at_once(tmp_path: Path) -> None:
    text = (
        'defaults = "own"\n'
        + OWN.replace("default = 5", "default = 6").replace('sound = "never"', 'sound = "maybe"')
        + OWN.replace('id = "own"', 'id = "Other One"').replace("prompt_limit = 100\n", "")
    )

    lines = faults(tmp_path, text)

    assert len(lines) == 5
    assert lines[0].startswith("own.toml: file: defaults: expected only")
    assert lines[1] == "own.toml: model own: durations: expected a default that is offered"
    assert lines[2].startswith("own.toml: model own: sound: ")
    assert "found 'maybe'" in lines[2]
    assert lines[3].startswith("own.toml: model Other One: id: ")
    assert lines[4] == "own.toml: model Other One: prompt_limit: expected, but missing"
    assert all(str(tmp_path) not in line for line in lines)


PRICE = "[[models.prices]]\nper = 'video'\nusd = {}\n[[models.routes]]\n"
FIRST = "[[models.prices]]\nper = 'second'\nusd = 1\n"
ROUTE = 'duration = { from = "duration", as = "text" }'


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        (ROUTE, "", "routes.1.body: expected duration either in a field or under lacks"),
        (
            ROUTE,
            ROUTE + "\nsample_count = { value = 2 }",
            "routes.1.body.sample_count: expected to be absent: it multiplies the bill",
        ),
        (
            ROUTE,
            ROUTE + '\n"input.sample_count" = { value = 2 }',
            "routes.1.body.input.sample_count: expected to be absent: it multiplies the bill",
        ),
        (ROUTE, ROUTE + '\nseed = { from = "seed" }', "routes.1.body: expected nothing about seed, which the model"),
        (ROUTE, ROUTE + '\nimage = { from = "image" }', "routes.1.body: expected image under needs or takes"),
        (ROUTE, ROUTE + "\ninput.x = { value = 1 }", "routes.1.body.input.x: expected no such field (nested names"),
        (ROUTE, ROUTE + '\nsize = { table = { a = "b" } }', "routes.1.body.size: expected one of: from"),
        (ROUTE, ROUTE + '\nx = { value = 1, from = "prompt" }', "routes.1.body.x: expected one of: from"),
        (ROUTE, ROUTE + '\nx = { pair = ["duration", "prompt"] }', "routes.1.body.x: expected a table together"),
        (ROUTE, ROUTE + '\nx = { value = 1, as = "text" }', "routes.1.body.x: expected as only together with from"),
        (ROUTE, ROUTE + '\nx = { format = "{nobody}" }', "routes.1.body.x: expected placeholders among prompt"),
        (
            ROUTE,
            'duration = { from = "duration", table = { "6" = "six" } }',
            'routes.1.body.duration: expected an entry "5" in the table',
        ),
        (
            ROUTE,
            ROUTE + '\nx = { from = "prompt", table = { "6" = "six" } }',
            "routes.1.body.x: expected a table on options with listed values only",
        ),
        (ROUTE, ROUTE + '\nx = { value = 1 }\n"x.y" = { value = 1 }', "routes.1.body.x.y: expected no field x beside"),
        ('prompt = { from = "prompt" }', "", "routes.1.body: expected a field made from prompt"),
        ('slug = "own-t2v"', 'slug = "own-t2v"\ntakes = ["image"]', "routes.1.body: expected a field made from image"),
        (
            'slug = "own-t2v"',
            'slug = "a/../b"',
            "routes.1.slug: expected letters, digits, dots, hyphens and underscores",
        ),
        ('slug = "own-t2v"', f'slug = "{"a" * 71}"', "routes.1.slug: expected letters, digits, dots, hyphens and"),
        ('slug = "own-t2v"', 'slug = "own-t2v"\nlacks = ["seed"]', "routes.1.body: expected nothing about seed"),
        ("[[models.routes]]", "clip = {}\n[[models.routes]]", "clip: expected exactly when a route takes character"),
        (
            '"never"',
            '"never"\npictures.image = { min_side = 9, max_side = 8 }',
            "pictures.image: expected a min_side that is no more than max_side",
        ),
        ('"never"', '"never"\npictures.image = {}', "pictures.image: expected min_side, max_side or max_ratio"),
        ('"never"', '"never"\npictures.image = { max_ratio = 0.5 }', "pictures.image.max_ratio: expected greater than"),
        ('"never"', '"never"\npictures.image = { min_side = 0 }', "pictures.image.min_side: expected greater than"),
        ('"never"', '"never"\npictures.image = { max_bytes = 5 }', "pictures.image.max_bytes: expected no such field"),
        (
            '"never"',
            '"never"\npictures.clip = { min_side = 9 }',
            "pictures.clip: expected 'image' or 'last_image'; found 'clip'",
        ),
        (
            '"never"',
            '"never"\npictures.image = { min_side = 9 }',
            "pictures.image: expected only for what a route takes; none takes image",
        ),
        ('"never"', '"never"\nsound_default = true', 'sound_default: expected only with sound = "optional"'),
        ('"never"', '"never"\naspects = { choices = { a = "1:1" }, default = "b" }', "aspects: expected a default"),
        ('"never"', '"never"\nresolutions = { choices = ["a"], default = "b" }', "resolutions: expected a default"),
        ("choices = [5], default", "choices = [5], min = 1, max = 5, default", "durations: expected either choices"),
        ("choices = [5], default", "min = 9, max = 5, default", "durations: expected a min that is no more than max"),
        (
            "[[models.routes]]",
            '[[models.prices]]\nusd = 1\nper = "video"\nwhen = { duration = [7] }\n[[models.routes]]',
            "prices.1.when.duration: expected values that the model offers; found [7]",
        ),
        (
            "[[models.routes]]",
            "[[models.multipliers]]\ntimes = 2\nwhen = { resolution = ['x'] }\n[[models.routes]]",
            "multipliers.1.when.resolution: expected values that the model offers; found ['x']",
        ),
        ("[[models.routes]]", "prices = 3\n[[models.routes]]", "prices: expected a list; found '3'"),
        ("[[models.routes]]", "[[models.prices]]\nusd = 1\n[[models.routes]]", "prices.1.per: expected, but missing"),
        ("[[models.routes]]", '[[models.prices]]\nper = "video"\n[[models.routes]]', "prices.1.usd: expected, but"),
        ("[[models.routes]]", PRICE.format("'dear'"), "prices.1.usd: expected a number; found 'dear'"),
        ("[[models.routes]]", PRICE.format("0"), "prices.1.usd: expected greater than 0; found '0'"),
        (
            "[[models.routes]]",
            PRICE.format("1e400"),
            "prices.1.usd: expected less than or equal to 10000; found '1E+400'",
        ),
        (
            "[[models.routes]]",
            FIRST + PRICE.format("2"),
            "prices.1: expected last: it holds for everything",
        ),
        (
            "[[models.routes]]",
            PRICE.format("1\nwhen = { given = ['image'] }"),
            "prices.1.when.given: expected inputs that a route takes; found ['image']",
        ),
        (
            "[[models.routes]]",
            PRICE.format("1\nwhen = { audio = true }"),
            "prices.1.when.audio: expected what the model offers; its sound is never",
        ),
        (
            "choices = [5], default = 5 }",
            "choices = [5, 8], default = 5 }\nrules = [{ when = { duration = [5] }, only = { duration = [8] } }]",
            "rules.1: expected to leave the defaults of the options possible together",
        ),
        ("choices = [5], default = 5", "min = 1, max = 100000000000, default = 5", "durations.max: expected less than"),
        ("{ choices = [5], default = 5 }", "[5, 10]", "durations: expected a table; found '[5, 10]'"),
        ("prompt_limit = 100", "prompt_limit = true", "prompt_limit: expected a whole number; found 'True'"),
        ("prompt_limit = 100", "prompt_limit = 100\ncolour = 3", "colour: expected no such field"),
        ("[[models.routes]]", "seed = { min = 9, max = 3 }\n[[models.routes]]", "seed: expected a min that is no more"),
        (
            "[[models.routes]]",
            "clip = { min_seconds = 4 }\n[[models.routes]]",
            "clip: expected a min_seconds that is no",
        ),
        ('title = "Own"', 'title = "O\\nwn"', "title: expected 1 to 50 characters in one line"),
        ('{ from = "prompt" }', '{ from = "promt" }', "routes.1.body.prompt.from: expected 'prompt', 'duration', "),
        ('{ from = "prompt" }', '"prompt"', "routes.1.body.prompt: expected a table; found 'prompt'"),
        (
            'slug = "own-t2v"',
            'slug = "own-t2v"\nlacks = ["colour"]',
            "routes.1.lacks.1: expected 'duration', 'aspect', ",
        ),
        ('slug = "own-t2v"', 'slug = "own-t2v"\nlacks = "seed"', "routes.1.lacks: expected a list; found 'seed'"),
        (
            'slug = "own-t2v"',
            'slug = "own-t2v"\nneeds = ["video"]',
            "routes.1.needs.1: expected 'image', 'last_image', ",
        ),
        ('slug = "own-t2v"', 'slug = "own-t2v"\nlacks = ["duration"]', "routes.1.body: expected duration either in a"),
        (ROUTE, ROUTE + '\n"a..b" = { value = 1 }', "routes.1.body.a..b: expected a name, or names with a dot"),
        (
            "[[models.routes]]",
            "[[models.rules]]\nwhen = { duration = [5] }\nonly = { aspect = ['x'] }\n[[models.routes]]",
            "rules.1.only.aspect: expected values that the model offers; found ['x']",
        ),
    ],
)
def test_a_fault_names_the_field_and_what_is_expected(tmp_path: Path, old: str, new: str, line: str) -> None:
    assert old in OWN

    told = faults(tmp_path, OWN.replace(old, new))

    assert not [fault for fault in told if "at least one" in fault]
    assert [fault for fault in told if fault.startswith(f"own.toml: model own: {line}")]


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ('"never"', '"never"\nsonud = 1', "own: sonud: expected no such field"),
        (
            '"own"',
            '"O"',
            "O: id: expected small letters, digits, dots and hyphens, at most 50, a letter or digit first; found 'O'",
        ),
    ],
)
def test_a_fault_of_a_name_is_told_in_plain_words(tmp_path: Path, old: str, new: str, line: str) -> None:
    assert faults(tmp_path, OWN.replace(old, new, 1)) == [f"own.toml: model {line}"]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("models = 3", "own.toml: file: models: expected entries that begin with [[models]]"),
        ("models = [3]", "own.toml: entry 1: entry: "),
        ("not toml", "own.toml: file: text: expected TOML in UTF-8"),
        (OWN + OWN, "own.toml: model own: id: expected once in a file"),
        ('default = "other"', "own.toml: file: default: expected one of sora-2, kling-3, "),
    ],
)
def test_a_file_that_is_wrong_as_a_whole_is_told(tmp_path: Path, text: str, line: str) -> None:
    told = faults(tmp_path, text)

    assert len(told) == 1
    assert told[0].startswith(line)


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    with pytest.raises(CatalogueError) as caught:
        Catalogue.load(tmp_path / "absent.toml")

    assert caught.value.faults == [
        "absent.toml: file: text: expected a file that can be read (No such file or directory)"
    ]


@pytest.mark.parametrize(
    ("model_id", "request_", "error", "said"),
    [
        ("hailuo-2.3", VideoRequest("x", audio=True), errors.SoundNotOfferedError, {}),
        ("hailuo-2.3", VideoRequest("x", aspect="9:16"), errors.OptionNotOfferedError, {}),
        ("hailuo-2.3", VideoRequest("x", resolution="4K"), errors.ResolutionNotOfferedError, {}),
        (
            "hailuo-2.3",
            VideoRequest("x", resolution="1080P", duration=10),
            errors.CombinationNotOfferedError,
            {"given": ("1080P",), "offered": ("6 s",)},
        ),
        ("hailuo-2.3", VideoRequest("x", last_image=PICTURE), errors.InputNotTakenError, {}),
        (
            "kling-3",
            VideoRequest("x", duration=16),
            errors.DurationOutOfRangeError,
            {"duration": 16, "shortest": 3, "longest": 15},
        ),
        (
            "kling-3",
            VideoRequest("x", last_image=PICTURE),
            errors.CompanionMissingError,
            {"inputs": (Sentence("a last picture"),), "missing": (Sentence("a picture"),)},
        ),
        ("kling-3", VideoRequest("x", image=PICTURE, aspect="9:16"), errors.OptionNotWithInputError, {}),
        ("kling-3", VideoRequest("x", negative="y" * 2501), errors.NegativeTooLongError, {"limit": 2500}),
        ("vidu-q3-turbo", VideoRequest("x", seed=-1), errors.SeedOutOfRangeError, {"lowest": 1}),
        (
            "seedance-2",
            VideoRequest("x", image=PICTURE, character=CLIP),
            errors.InputsNotTakenTogetherError,
            {},
        ),
    ],
)
def test_a_sibling_refuses_in_a_sentence(
    model_id: str, request_: VideoRequest, error: type[RefusalError], said: dict[str, object]
) -> None:
    model = Catalogue.load().get(model_id)

    with pytest.raises(RefusalError) as caught:
        model.settle(request_)

    sentence = caught.value.sentence
    assert type(caught.value) is error
    assert said.items() <= sentence.params.items()
    assert {name for _, name, _, _ in Formatter().parse(str(sentence.id)) if name} == sentence.params.keys()


def test_a_model_that_only_animates_pictures_says_so(tmp_path: Path) -> None:
    text = OWN.replace('slug = "own-t2v"', 'slug = "own-i2v"\nneeds = ["image"]')
    catalogue = Catalogue.load(write(tmp_path, text + 'image = { from = "image" }\n'))

    with pytest.raises(errors.InputMissingError) as caught:
        catalogue.get("own").settle(VideoRequest("x"))

    assert caught.value.sentence.params == {"model": "Own", "inputs": (Sentence("a picture"),)}


def test_a_rule_and_a_price_can_depend_on_sound_and_inputs(tmp_path: Path) -> None:
    text = OWN.replace('"never"', '"optional"').replace("choices = [5]", "choices = [5, 8]") + (
        'sound = { from = "audio" }\nimage = { from = "image" }\n'
        "[[models.rules]]\nwhen = { duration = [8] }\nonly = { audio = false }\n"
        '[[models.prices]]\nusd = 2\nper = "video"\nwhen = { given = ["image"] }\n'
    )
    text = text.replace('slug = "own-t2v"', 'slug = "own-t2v"\ntakes = ["image"]')
    model = Catalogue.load(write(tmp_path, text)).get("own")

    silent = model.settle(VideoRequest("x", duration=8))
    with pytest.raises(errors.CombinationNotOfferedError) as caught:
        model.settle(VideoRequest("x", duration=8, audio=True))

    assert silent.audio is False
    assert model.price(silent) is None
    assert caught.value.sentence.params["offered"] == (Sentence("without sound"),)


def test_a_price_per_second_needs_a_length(tmp_path: Path) -> None:
    text = OWN.replace(ROUTE, "").replace('slug = "own-t2v"', 'slug = "own-t2v"\nlacks = ["duration"]')
    text += '[[models.prices]]\nusd = 2\nper = "second"\n'
    model = Catalogue.load(write(tmp_path, text)).get("own")

    assert model.price(model.settle(VideoRequest("x"))) is None


def test_sound_that_an_endpoint_lacks_is_refused_and_not_paid_for(tmp_path: Path) -> None:
    lacking = (
        '[[models.routes]]\nslug = "own-i2v"\nneeds = ["image"]\nlacks = ["audio"]\n[models.routes.body]\n'
        'prompt = { from = "prompt" }\nimage = { from = "image" }\nduration = { from = "duration" }\n'
    )
    text = OWN.replace('"never"', '"optional"\nsound_default = true') + 'sound = { from = "audio" }\n' + lacking
    model = Catalogue.load(write(tmp_path, text)).get("own")

    with pytest.raises(errors.OptionNotWithInputError) as caught:
        model.settle(VideoRequest("x", image=PICTURE, audio=True))

    assert caught.value.sentence.params["option"] == Sentence("sound")
    assert model.settle(VideoRequest("x", image=PICTURE)).audio is None
    assert model.settle(VideoRequest("x")).audio is True


def test_an_option_that_only_orders_with_a_picture_have_is_refused_without_one(tmp_path: Path) -> None:
    text = OWN.replace('"never"', '"optional"').replace('slug = "own-t2v"', 'slug = "own-t2v"\nlacks = ["audio"]')
    model = Catalogue.load(write(tmp_path, text)).get("own")

    with pytest.raises(errors.OptionNotOfferedError) as caught:
        model.settle(VideoRequest("x", audio=True))

    assert caught.value.sentence.params == {"model": "Own", "option": Sentence("sound")}
