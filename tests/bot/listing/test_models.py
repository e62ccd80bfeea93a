"""`python -m bot models` and `models check` as an operator meets them: each its own process, without a token."""

import json
from pathlib import Path

import pytest

from tests.bot.test_cli import bot

EVEN = """
[[models]]
id = "even"
title = "Even"
prompt_limit = 900
durations = { min = 3, max = 15, default = 5 }
sound = "never"
prices = [{ usd = 0.0841, per = "second", estimate = true }]
[[models.routes]]
slug = "even-t2v"
[models.routes.body]
prompt = { from = "prompt" }
duration = { from = "duration" }
"""
NINTH = Path(__file__).with_name("ninth.toml").read_text("utf-8")


@pytest.fixture
def ninth(tmp_path: Path) -> Path:
    path = tmp_path / "own.toml"
    path.write_text(NINTH)
    return path


def block(told: str, model: str) -> dict[str, str]:
    """The lines of one model by their label; what goes on below a label is added to it."""
    lines: dict[str, str] = {}
    label = ""
    (part,) = (part for part in told.split("\n\n") if part.startswith(f"{model}:"))
    for line in part.splitlines()[1:]:
        label = line[:18].strip() or label
        lines[label] = f"{lines.get(label, '')} {line[18:]}".strip()
    return lines


def bodies(told: str, name: str) -> list[dict[str, object]]:
    """The bodies below the headings that begin with a name."""
    lines = told.splitlines()
    return [json.loads(lines[number + 1]) for number, line in enumerate(lines) if line.strip().startswith(name)]


def test_the_models_are_listed_without_a_token_or_a_key(tmp_path: Path, ninth: Path) -> None:
    done = bot("models", cwd=tmp_path, MODELS_FILE=str(ninth), GATEWAYS="highway,myrouter")

    assert (done.returncode, done.stderr) == (0, "")
    assert "sora-2: Sora 2 (the default)\n" in done.stdout
    assert block(done.stdout, "ninth") == {
        "length": "4, 8 s; usually 4 s",
        "orientation": "landscape 16:9, square 1:1; usually landscape",
        "resolution": "720p, 1080p; usually 720p",
        "sound": "optional; usually without",
        "watermark": "optional; usually without",
        "prompt": "up to 900 characters",
        "takes": "picture (at least 300 × 300 pixels, at most 4000 × 4000 pixels, longer side at most 2.5 times the "
        "shorter), character clip of 1 to 2.5 s, cut by the bot",
        "but": "at 1080p only for 8 s",
        "price": "720p: 4 s $0.40",
        "estimated price": "1080p: 8 s $0.80",
        "no price": "720p: 8 s",
        "besides": "× 1.5 with sound (an estimate)",
        "endpoints": "ninth-t2v (takes a character clip) ninth-i2v (needs a picture) ninth-never (needs a picture)",
        "may run at": "highway, then myrouter",
        "no choice of": "seed, negative prompt, last picture, remix",
    }
    assert f"MODELS_FILE={ninth}. GATEWAYS=highway,myrouter." in done.stdout


def test_many_lengths_that_cost_the_same_a_second_are_told_by_the_second(tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    path.write_text(EVEN)

    told = bot("models", cwd=tmp_path, MODELS_FILE=str(path)).stdout

    assert block(told, "even")["estimated price"] == "$0.0841 per second, so 3 s $0.2523 to 15 s $1.2615"


def test_a_remix_has_its_price_and_goes_where_its_original_was_made(tmp_path: Path) -> None:
    told = block(bot("models", cwd=tmp_path, GATEWAYS="myrouter,highway").stdout, "sora-2")

    assert told["price"] == "10 s $0.15, remix of 10 s $0.15"
    assert told["estimated price"] == "15 s $0.225, remix of 15 s $0.225"
    assert told["may run at"] == "myrouter, then highway; a remix where its original was made"


def test_what_only_sound_leaves_without_a_price_is_told(tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    text = EVEN.replace('"never"', '"optional"').replace("estimate = true", "when = { audio = false }")
    path.write_text(f'{text}sound = {{ from = "audio" }}\n')

    told = block(bot("models", cwd=tmp_path, MODELS_FILE=str(path)).stdout, "even")

    assert told["price"] == "$0.0841 per second, so 3 s $0.2523 to 15 s $1.2615"
    assert told["no price"] == "even-t2v with sound"


def test_a_video_whose_length_cannot_be_chosen_is_no_remix(tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    fixed = EVEN.replace('duration = { from = "duration" }\n', "").replace(
        '"even-t2v"', '"even-t2v"\nlacks = ["duration"]'
    )
    path.write_text(fixed.replace('per = "second"', 'per = "video"'))

    told = block(bot("models", cwd=tmp_path, MODELS_FILE=str(path)).stdout, "even")

    assert told["estimated price"] == "its own length $0.0841"


@pytest.mark.parametrize("columns", [80, 130])
def test_no_line_is_wider_than_the_terminal(tmp_path: Path, columns: int) -> None:
    done = bot("models", cwd=tmp_path, COLUMNS=str(columns))

    rows = [line for line in done.stdout.splitlines() if line.startswith("  ")]
    assert len(rows) > 50
    assert max(map(len, rows)) <= columns


def test_the_models_come_as_json_with_amounts_that_are_exact(tmp_path: Path, ninth: Path) -> None:
    done = bot("models", "--json", cwd=tmp_path, MODELS_FILE=str(ninth))

    *_, own = json.loads(done.stdout)
    assert (own["id"], own["default"], own["gateways"]) == ("ninth", False, ["myrouter"])
    assert own["prices"][0] == {"seconds": 4, "remix": False, "resolution": "720p", "usd": "0.4", "estimate": False}
    assert [route["slug"] for route in own["routes"]] == ["ninth-t2v", "ninth-i2v", "ninth-never"]


@pytest.mark.parametrize("arguments", [("models",), ("models", "--json"), ("models", "check", "own.toml")])
def test_a_terminal_without_all_letters_is_told_the_rest(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    path = tmp_path / "own.toml"
    path.write_text(NINTH.replace('title = "Ninth"', 'title = "Neunté 🦭"'), "utf-8")

    done = bot(*arguments, cwd=tmp_path, MODELS_FILE=str(path), PYTHONIOENCODING="ascii")

    assert (done.returncode, done.stderr) == (0, "")
    assert "Neunt\\xe9" in done.stdout or json.loads(done.stdout)[-1]["title"] == "Neunté 🦭"


def test_only_the_settings_that_are_read_have_to_be_right(tmp_path: Path) -> None:
    wrong = {"MYROUTER_API_KEY": "short", "HTTP_LISTEN": "here", "DISCORD_TOKEN": "x"}

    done = bot("models", cwd=tmp_path, **wrong)
    faulty = bot("models", cwd=tmp_path, **wrong, GATEWAYS="nowhere", MODELS_FILE="nothing.toml")

    assert done.returncode == 0
    assert faulty.returncode == 2
    assert [line.split(":")[0] for line in faulty.stderr.splitlines()] == ["GATEWAYS", "MODELS_FILE"]


def test_a_model_that_is_switched_off_is_told_apart(tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    path.write_text(NINTH.replace('title = "Ninth"', 'title = "Ninth"\nenabled = false'))

    listed = bot("models", cwd=tmp_path, MODELS_FILE=str(path))
    checked = bot("models", "check", str(path), cwd=tmp_path)

    assert "\nSwitched off: ninth.\n" in listed.stdout
    assert "ninth: Ninth\n" not in listed.stdout
    assert "ninth: Ninth (switched off)\n" in checked.stdout


def test_each_fault_of_a_file_is_a_line_and_ends_both_with_status_2(tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    faulty = NINTH.replace('sound = "optional"', 'sound = "loud"').replace("prompt_limit = 900", "prompt_limit = 0")
    path.write_text(faulty)

    checked = bot("models", "check", str(path), cwd=tmp_path)
    listed = bot("models", cwd=tmp_path, MODELS_FILE=str(path))

    assert (checked.returncode, checked.stdout) == (2, "")
    assert [line.rpartition(": ")[0] for line in checked.stderr.splitlines()] == [
        "own.toml: model ninth: prompt_limit",
        "own.toml: model ninth: sound",
    ]
    assert (listed.returncode, listed.stdout, listed.stderr) == (2, "", checked.stderr)


def test_a_file_that_is_not_there_is_a_fault(tmp_path: Path) -> None:
    done = bot("models", "check", "nothing.toml", cwd=tmp_path)

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("nothing.toml: file: text: expected a file that can be read")


def test_what_leaves_is_shown_for_each_route_with_its_defaults(tmp_path: Path, ninth: Path) -> None:
    done = bot("models", "check", str(ninth), cwd=tmp_path)

    assert done.returncode == 0, done.stderr
    (words,) = bodies(done.stdout, "ninth-t2v, defaults: $0.40")
    (picture,) = bodies(done.stdout, "ninth-i2v with a picture, defaults: $0.40")
    assert words == {
        "text": "a paper boat",
        "parameters": {"seconds": "4", "ratio": "16:9", "mode": "720p"},
        "sound": False,
        "mark": False,
    }
    assert picture["picture"] == "https://example.org/picture.png"
    assert "  ninth-never with a picture is never used: an earlier route takes the same.\n" in done.stdout


def test_what_leaves_is_shown_with_every_input_and_option_set_once(tmp_path: Path, ninth: Path) -> None:
    told = bot("models", "check", str(ninth), cwd=tmp_path).stdout

    headings = [line.strip() for line in told.splitlines() if line.startswith("  ninth-t2v")]
    assert headings == [
        "ninth-t2v, defaults: $0.40",
        "ninth-t2v, with character clip: $0.40",
        "ninth-t2v, 8 s: no price",
        "ninth-t2v, square: $0.40",
        "ninth-t2v, 1080p, 8 s: $0.80, an estimate",
        "ninth-t2v, with sound: $0.60, an estimate",
        "ninth-t2v, with watermark: $0.40",
    ]
    (together,) = bodies(told, "ninth-t2v, 1080p, 8 s")
    assert together["parameters"] == {"seconds": "8", "ratio": "16:9", "mode": "1080p"}
    assert bodies(told, "ninth-t2v, with character")[0]["clips"] == ["https://example.org/clip.mp4"]


def test_what_no_order_can_have_is_shown_as_refused(tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    also = 'only = { duration = [8] } }, { when = { resolution = ["1080p"] }, only = { duration = [4] }'
    path.write_text(NINTH.replace("only = { duration = [8] }", also))

    told = bot("models", "check", str(path), cwd=tmp_path).stdout

    assert "  ninth-t2v, 1080p: refused. With 1080p, Ninth offers only: 8 s." in told


def test_an_entry_that_replaces_a_shipped_one_is_told(tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    path.write_text(NINTH.replace('id = "ninth"', 'id = "sora-2"'))

    told = bot("models", "check", str(path), cwd=tmp_path).stdout

    assert told.endswith("In the place of those in models.toml that ship: sora-2.\n")


def test_help_is_told_before_the_catalogue_is_read(tmp_path: Path) -> None:
    done = bot("models", "--help", cwd=tmp_path, PYTHONPROFILEIMPORTTIME="1")

    assert "check" in done.stdout
    assert "bot.listing" not in done.stderr
    assert "bot.catalogue" not in done.stderr
