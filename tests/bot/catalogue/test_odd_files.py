"""Files that nobody means well with, or that nobody has thought through: told in lines, never a traceback."""

import os
from pathlib import Path

import pytest

from bot.catalogue.catalogue import Catalogue
from bot.catalogue.errors import CatalogueError
from bot.catalogue.wire import resolve
from bot.domain.request import VideoRequest
from tests.bot.catalogue.test_catalogue import OWN, ROUTE, faults, write

PRICE = '[[models.prices]]\nusd = {usd}\nper = "video"\n[[models.routes]]'


def told_of(path: Path) -> list[str]:
    """The lines about a file that has faults."""
    with pytest.raises(CatalogueError) as caught:
        Catalogue.load(path)
    return caught.value.faults


def test_what_is_no_file_is_told_and_nobody_waits_for_it(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.toml"
    os.mkfifo(pipe)

    assert told_of(pipe) == ["pipe.toml: file: text: expected a file, not a folder, pipe or device"]
    assert told_of(tmp_path) == [f"{tmp_path.name}: file: text: expected a file, not a folder, pipe or device"]
    assert told_of(Path()) == [".: file: text: expected a file, not a folder, pipe or device"]
    assert told_of(Path("/dev/zero")) == ["zero: file: text: expected a file, not a folder, pipe or device"]


def test_a_file_that_is_too_large_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "large.toml"
    with path.open("wb") as file:
        file.truncate(8 << 30)

    assert told_of(path) == ["large.toml: file: text: expected at most 4 MB"]


@pytest.mark.parametrize(
    "text",
    [
        "a = " + "[" * 5000 + "]" * 5000,
        "a = 1" + "0" * 5000,
        "a = 1e99999999999999999999",
        "\ufeff" + OWN,
        "\x00",
    ],
)
def test_text_that_can_not_be_read_as_toml_is_one_line(tmp_path: Path, text: str) -> None:
    (line,) = faults(tmp_path, text)

    assert line.startswith("own.toml: file: text: expected TOML in UTF-8")
    assert len(line) < 250


@pytest.mark.parametrize("usd", ["inf", "nan", "-1", "0", "1e30", "1e999999", "10001", "2026-01-01", "true"])
def test_a_price_that_is_none_is_told(tmp_path: Path, usd: str) -> None:
    told = faults(tmp_path, OWN.replace("[[models.routes]]", PRICE.format(usd=usd)))

    assert [line.split(" ")[3] for line in told] == ["prices.1.usd:"]


@pytest.mark.parametrize(("usd", "units"), [("1e-9", 1), ("1e-999999", 1), ("0.00015", 2), ("1_0", 100_000)])
def test_a_price_next_to_nothing_is_rounded_up(tmp_path: Path, usd: str, units: int) -> None:
    model = Catalogue.load(write(tmp_path, OWN.replace("[[models.routes]]", PRICE.format(usd=usd)))).get("own")

    price = model.price(model.settle(VideoRequest("x")))

    assert price is not None
    assert price.units == units


@pytest.mark.parametrize(
    "line",
    [
        "parameters = { value = { sample_count = 4 } }",
        "parameters = { value = [{ sample_count = 4 }] }",
        "parameters = { value = { deep = [{ a = { sample_count = 1 } }] } }",
        "parameters = { value = { Sample_Count = 4 } }",
        'parameters = { from = "duration", table = { "5" = { sample_count = 4 } } }',
    ],
)
def test_no_binding_multiplies_the_bill(tmp_path: Path, line: str) -> None:
    target, said = line.split(" =", maxsplit=1)[0].strip('"'), "expected no sample_count: it multiplies the bill"

    assert faults(tmp_path, OWN.replace(ROUTE, f"{ROUTE}\n{line}")) == [
        f"own.toml: model own: routes.1.body.{target}: {said}"
    ]


@pytest.mark.parametrize("target", ["sample_count.x", "Sample_Count", "a.sample_count.b", " sample_count"])
def test_no_name_on_the_way_multiplies_the_bill(tmp_path: Path, target: str) -> None:
    assert faults(tmp_path, OWN.replace(ROUTE, f'{ROUTE}\n"{target}" = {{ value = 4 }}')) == [
        f"own.toml: model own: routes.1.body.{target}: expected to be absent: it multiplies the bill"
    ]


def test_a_constant_may_have_a_fraction(tmp_path: Path) -> None:
    lines = (
        "scale = { value = 0.5 }\nlist_of = { value = [1.0, { x = 0.25 }] }\n"
        'speed = { from = "duration", table = { "5" = 1.5 } }'
    )
    model = Catalogue.load(write(tmp_path, OWN.replace(ROUTE, f"{ROUTE}\n{lines}"))).get("own")

    body = resolve(model, VideoRequest("x")).body

    assert (body["scale"], body["list_of"], body["speed"]) == (0.5, [1, {"x": 0.25}], 1.5)


@pytest.mark.parametrize("value", ["nan", "inf", "1e400", "2026-01-01", "[nan]", "{ x = inf }"])
def test_a_constant_that_json_has_no_word_for_is_told_once(tmp_path: Path, value: str) -> None:
    (line,) = faults(tmp_path, OWN.replace(ROUTE, f"{ROUTE}\nscale = {{ value = {value} }}"))

    assert line.startswith("own.toml: model own: routes.1.body.scale.value")


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        ("choices = [5], default = 5", "min = 1, max = 1_000_000_000, default = 5", "durations.max"),
        ("choices = [5], default = 5", "min = 9, max = 3, default = 5", "durations"),
        ("choices = [5], default = 5", "choices = [5], min = 3, default = 5", "durations"),
        ("choices = [5]", "choices = [5, 5]", "durations: "),
        ("choices = [5]", "choices = [5, 601]", "durations.choices.2"),
        ('title = "Own"', 'title = " "', "title"),
        ('title = "Own"', 'title = "a\\nb"', "title"),
        ('title = "Own"', 'title = "\\u202eOwn"', "title"),
        ('"never"', '"never"\nseed = { min = 10, max = 5 }', "seed"),
        ('"never"', '"never"\nseed = { max = 99999999999999999999 }', "seed.max"),
        ('"never"', '"never"\nclip = { min_seconds = 3, max_seconds = 2 }', "clip"),
        ('"never"', '"never"\nclip = { min_seconds = -1 }', "clip.min_seconds"),
        ('"never"', '"never"\nclip = { min_seconds = 4, max_seconds = 9 }', "clip"),
        ('"never"', '"never"\naspects = { choices = { "" = "1:1" }, default = "" }', "aspects.choices.: "),
        ('"never"', '"never"\naspects = { choices = { A = "1:1", a = "2:1" }, default = "A" }', "aspects"),
        ('"never"', '"never"\naspects = { choices = { "1:1" = "2:1", "2:1" = "1:1" }, default = "1:1" }', "aspects"),
        ('"never"', f'"never"\naspects = {{ choices = {{ {"w" * 41} = "1:1" }}, default = "x" }}', "aspects.choices."),
        (
            '"never"',
            '"never"\naspects = { choices = { '
            + ", ".join(f'w{number} = "{number}:1"' for number in range(26))
            + ' }, default = "w1" }',
            "aspects.choices",
        ),
        ('"never"', '"never"\nresolutions = { choices = ["a", "a"], default = "a" }', "resolutions: "),
        ('"never"', '"never"\nresolutions = { choices = [""], default = "" }', "resolutions.choices.1"),
        (ROUTE, f'{ROUTE}\n"" = {{ value = 1 }}', "routes.1.body."),
        (ROUTE, f'{ROUTE}\n"a..b" = {{ value = 1 }}', "routes.1.body.a..b"),
        (ROUTE, f"{ROUTE}\nx = {{ list = [] }}", "routes.1.body.x.list"),
    ],
)
def test_what_discord_or_nobody_can_choose_is_told(tmp_path: Path, old: str, new: str, field: str) -> None:
    assert old in OWN

    told = faults(tmp_path, OWN.replace(old, new, 1))

    assert any(line.startswith(f"own.toml: model own: {field}") for line in told), told


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        (ROUTE, f"{ROUTE}\nx = {{ list = [] }}", "routes.1.body.x.list: expected at least one entry"),
        (
            ROUTE,
            f'{ROUTE}\nx = {{ from = "duration", table = {{}} }}',
            "routes.1.body.x.table: expected at least one entry",
        ),
        (
            ROUTE,
            f'{ROUTE}\nx = {{ format = "duration" }}',
            "routes.1.body.x: expected a {placeholder} in format, or value",
        ),
        (
            "[[models.routes]]",
            PRICE.format(usd="1\nwhen = { duration = [] }"),
            "prices.1.when.duration: expected at least",
        ),
        (
            "[[models.routes]]",
            "rules = [{ when = {}, only = { duration = [] } }]\n[[models.routes]]",
            "rules.1.only.duration",
        ),
        (
            '"never"',
            '"never"\naspects = { choices = {}, default = "x" }',
            "aspects.choices: expected at least one entry",
        ),
        (
            '"never"',
            f'"never"\nresolutions = {{ choices = {[str(n) for n in range(26)]}, default = "1" }}',
            "resolutions.choices: expected at most 25 entries",
        ),
        ("prompt_limit = 100", "prompt_limit = 1_000_000_001", "prompt_limit: expected less than or equal to 1000000;"),
    ],
)
def test_what_is_empty_or_beyond_sense_is_told_in_plain_words(tmp_path: Path, old: str, new: str, line: str) -> None:
    assert old in OWN

    told = faults(tmp_path, OWN.replace(old, new, 1))

    assert any(fault.startswith(f"own.toml: model own: {line}") for fault in told), told


CLIP = 'clip_url = { from = "character.url" }'
RANGE = 'clip_range = { format = "{character.start},{character.end}" }'


@pytest.mark.parametrize(
    ("clip", "body", "line"),
    [
        ("clip = {}", CLIP, "expected fields made from character.start and character.end, or cut = true under clip"),
        ("clip = {}", RANGE, "expected a field made from character.url, because the route needs or takes character"),
        ("clip = { cut = true }", RANGE, "expected a field made from character.url, because the route needs or takes"),
        ("clip = {}", f"{CLIP}\n{RANGE}", None),
        ("clip = { cut = true }", CLIP, None),
    ],
)
def test_an_order_uses_the_clip_it_is_given_and_no_more_of_it(
    tmp_path: Path, clip: str, body: str, line: str | None
) -> None:
    text = OWN.replace("[[models.routes]]", f"{clip}\n[[models.routes]]").replace(ROUTE, f"{ROUTE}\n{body}")
    text = text.replace('"own-t2v"', '"own-t2v"\ntakes = ["character"]')

    if line is None:
        assert Catalogue.load(write(tmp_path, text)).get("own").takes_clip
    else:
        (told,) = faults(tmp_path, text)
        assert told.startswith(f"own.toml: model own: routes.1.body: {line}")


def test_two_models_have_two_titles(tmp_path: Path) -> None:
    assert faults(tmp_path, OWN.replace('"Own"', '"sora 2"')) == [
        "own.toml: model own: title: expected another one than sora-2 has"
    ]
    # Whoever replaces a model may keep its title.
    assert Catalogue.load(write(tmp_path, OWN.replace('"own"', '"sora-2"').replace('"Own"', '"Sora 2"'))).added


def test_thousands_of_models_load(tmp_path: Path) -> None:
    text = "".join(OWN.replace('"own"', f'"own-{n}"').replace('"Own"', f'"Own {n}"') for n in range(2000))

    assert len(Catalogue.load(write(tmp_path, text)).added) == 2000
