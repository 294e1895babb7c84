"""The `plan` command: files in, a plan or one clear line out."""

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from scheduler.cli.plan import plan
from scheduler.cli.plan_words import relaxation_words
from scheduler.planning import read_clinic, read_request

SAMPLES = Path(__file__).parents[1] / "planning" / "samples"
CLINIC, REQUEST = SAMPLES / "clinic3.json", SAMPLES / "clinic3_req0.json"
HOPELESS = SAMPLES / "clinic3_req1.json"


def _run(*arguments: object, text: str | None = None) -> Result:
    return CliRunner().invoke(plan, [str(argument) for argument in arguments], input=text)


def test_a_plan_is_printed_for_people() -> None:
    result = _run(CLINIC, REQUEST)
    assert result.exit_code == 0
    assert result.stdout.splitlines()[:2] == [
        "Plan at A, objective 530",
        "   1  Thu 22 Oct 2026  14:10  chair A2",
    ]
    assert len(result.stdout.splitlines()) == 7


def test_a_plan_is_printed_as_json_with_its_alternatives() -> None:
    result = _run(CLINIC, REQUEST, "--json", "--alternatives", 2)
    answer = json.loads(result.stdout)
    assert (answer["status"], answer["objective"]) == ("ok", 530)
    assert [each["objective"] for each in answer["alternatives"]] == [557, 656]
    assert "alternatives" not in json.loads(_run(CLINIC, REQUEST, "--json").stdout)


def test_alternatives_are_printed_for_people_too() -> None:
    lines = _run(CLINIC, REQUEST, "--alternatives", 1).stdout.splitlines()
    assert "Alternative 1 at A, objective 557" in lines


def test_no_plan_is_an_answer_and_not_an_error() -> None:
    result = _run(CLINIC, HOPELESS)
    assert result.exit_code == 0
    assert result.stdout.splitlines()[0] == "No six dates fit."
    assert "Possible if the patient can come at any time (objective 636)." in result.stdout
    answer = json.loads(_run(CLINIC, HOPELESS, "--json").stdout)
    assert answer["status"] == "infeasible"
    assert answer["explanation"]["sites"]["A"]["session"] == 2


def test_no_relaxation_at_all_is_said() -> None:
    result = _run(SAMPLES / "clinic1.json", SAMPLES / "clinic1_req0.json")
    assert "No single relaxation makes a plan possible." in result.stdout


@pytest.mark.parametrize("which", [0, 1])
def test_either_file_can_be_standard_input(which: int) -> None:
    files: list[Path | str] = [CLINIC, REQUEST]
    text = Path(files[which]).read_text()
    files[which] = "-"
    result = _run(*files, "--json", text=text)
    assert json.loads(result.stdout)["objective"] == 530


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["-", "-"],
        [CLINIC],
        ["--batch", SAMPLES, CLINIC],
        [CLINIC, REQUEST, "--alternatives", "-1"],
    ],
)
def test_a_wrong_call_ends_with_status_2(arguments: list[object]) -> None:
    assert _run(*arguments).exit_code == 2


def test_a_broken_file_is_one_line_that_names_the_field(tmp_path: Path) -> None:
    request = json.loads(REQUEST.read_text())
    request["protocol"]["gap_min"] = "two"
    broken = tmp_path / "broken.json"
    broken.write_text(json.dumps(request))
    result = _run(CLINIC, broken)
    assert result.exit_code == 2
    assert result.stdout == ""
    line = 'broken.json: request.protocol.gap_min: a whole number from 1 to 1000 is needed, not "two"\n'
    assert result.stderr == line


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (None, "clinic.json: No such file or directory\n"),
        (b"\xff\xfe", "clinic.json: this is not a text in UTF-8\n"),
        (b"{}", "clinic.json: clinic.slot_min: this field is missing\n"),
    ],
)
def test_a_file_that_cannot_be_read_is_one_line(tmp_path: Path, content: bytes | None, line: str) -> None:
    if content is not None:
        (tmp_path / "clinic.json").write_bytes(content)
    result = _run(tmp_path / "clinic.json", REQUEST)
    assert (result.exit_code, result.stderr) == (2, line)


def test_a_folder_is_planned_a_line_each() -> None:
    result = _run("--batch", SAMPLES)
    assert result.exit_code == 0
    answers = [json.loads(line) for line in result.stdout.splitlines()]
    assert len(answers) == 30
    for answer in answers:
        expected = json.loads((SAMPLES / f"{answer['request']}.expected.json").read_text())
        assert (answer["status"], answer.get("objective")) == (expected["status"], expected.get("objective"))
        assert answer["ms"] > 0
        assert not {"alternatives", "explanation"} & set(answer)


def test_a_broken_file_in_a_folder_stops_no_other(tmp_path: Path) -> None:
    for path in (CLINIC, REQUEST):
        shutil.copy(path, tmp_path)
    (tmp_path / "clinic3_req5.json").write_text("{}")
    (tmp_path / "lost_req0.json").write_text(REQUEST.read_text())
    (tmp_path / "clinic3_reqs.json").write_text("not a request at all")
    result = _run("--batch", tmp_path)
    assert result.exit_code == 2
    assert [json.loads(line)["request"] for line in result.stdout.splitlines()] == ["clinic3_req0"]
    assert result.stderr.splitlines() == [
        "clinic3_req5.json: request.protocol: this field is missing",
        "lost.json: No such file or directory",
    ]


def test_a_folder_that_is_none_is_told(tmp_path: Path) -> None:
    result = _run("--batch", tmp_path / "nowhere")
    assert (result.exit_code, result.stderr) == (2, f"{tmp_path / 'nowhere'}: this is not a folder\n")


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("gap_max+1", "with gaps of up to 5 days"),
        ("gap_max+2", "with gaps of up to 6 days"),
        ("gap_min-1", "with gaps of at least 1 day"),
        ("span_max+7", "with a course of up to 28 days"),
        ("span_min-3", "with a course of at least 11 days"),
        ("first_day_max+7", "if the first visit may be up to 7 days later"),
        ("any site", "at another site of the clinic too"),
    ],
)
def test_a_relaxation_is_told_in_words(name: str, words: str) -> None:
    clinic, _ = read_clinic(CLINIC.read_text())
    assert relaxation_words(name, read_request(REQUEST.read_text(), clinic)) == words
