from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient

from careerqa.api import create_app
from careerqa.comparison.comparing import compare
from careerqa.comparison.reply import comparison_reply
from shelf import REPORT, Shelf, librarian

TITLES = ["AI engineer", "software engineer"]


@pytest.fixture
def client() -> Iterator[Any]:
    with TestClient(create_app(librarian())) as made:
        yield made


def test_comparing_gives_what_the_command_gives(client: Any) -> None:
    got = client.post("/compare", json={"roles": TITLES, "aspects": ["pay"]})
    assert got.status_code == 200
    expected = comparison_reply(compare(librarian(), TITLES, ["pay"])).model_dump(mode="json")
    assert got.json() | {"timings_ms": {}} == expected | {"timings_ms": {}}


@pytest.mark.parametrize(
    ("body", "detail"),
    [
        ({"roles": ["AI engineer", "plumber"]}, "'plumber' is no title known here. Known are AI"),
        ({"roles": TITLES, "aspects": ["luck"]}, "'luck' is no aspect known here. Choose from pay"),
        ({"roles": ["AI engineer"]}, "roles: List should have at least 2 items"),
        ({"roles": TITLES, "colour": 1}, "colour: This key is not known here."),
    ],
)
def test_what_cannot_be_compared(client: Any, body: dict[str, Any], detail: str) -> None:
    got = client.post("/compare", json=body)
    assert got.status_code == 422
    assert got.headers["content-type"] == "application/problem+json"
    assert got.json()["detail"].startswith(detail)


def test_a_form_of_another_site_cannot_compare(client: Any) -> None:
    got = client.post("/compare", content="{}", headers={"content-type": "text/plain"})
    assert got.status_code == 415


def test_figures_are_filtered_and_verbatim(client: Any) -> None:
    every = client.get("/figures").json()["figures"]
    assert {row["text"] for row in every} == {"$90,000 to $100,000", "$150,000", "$80,000"}
    rows = client.get("/figures", params={"about": "Pay", "role": "SWE"}).json()["figures"]
    assert [(row["text"], row["role"]) for row in rows] == [("$80,000", "software engineer")]
    assert REPORT[rows[0]["start"] : rows[0]["end"]] == "$80,000"
    entry = client.get("/figures", params={"level": "junior"}).json()["figures"]
    assert {row["level"] for row in entry} == {"entry"}


@pytest.mark.parametrize(
    ("parameters", "detail"),
    [
        ({"role": "plumber"}, "role: 'plumber' is not known here. Known are AI engineer, "),
        (
            {"level": "boss"},
            "level: 'boss' is not known here. Known are entry, mid, senior, staff.",
        ),
        ({"about": "luck"}, "about: 'luck' is not known here. Known are pay, "),
        ({"colour": "red"}, "colour: This key is not known here."),
    ],
)
def test_unknown_filters(client: Any, parameters: dict[str, str], detail: str) -> None:
    got = client.get("/figures", params=parameters)
    assert got.status_code == 422
    assert got.json()["detail"].startswith(detail)
    assert got.json()["errors"][0]["parameter"] == next(iter(parameters))


def test_near_titles_are_counted_apart() -> None:
    text = "Pay\n\nSoftware developers earn $70,000.\n"
    with TestClient(create_app(librarian(Shelf({"a.txt": text})))) as client:
        got = client.get("/figures", params={"role": "software engineer"}).json()
    assert got == {"figures": [], "near_titles": {"software developer": 1}}


def test_figures_of_letters_only_on_request() -> None:
    text = "Title\n\nSample letter\n\nAs an AI engineer I earned $50,000.\n"
    with TestClient(create_app(librarian(Shelf({"a.txt": text})))) as client:
        assert client.get("/figures").json()["figures"] == []
        rows = client.get("/figures", params={"all": "true"}).json()["figures"]
    assert [(row["text"], row["provenance"]) for row in rows] == [("$50,000", "sample_text")]


def test_both_are_described(client: Any) -> None:
    schema = client.get("/openapi.json").json()
    described = schema["paths"]["/compare"]["post"]["responses"]
    assert {"200", "400", "413", "415", "422", "503"} <= described.keys()
    assert "ComparisonReply" in schema["components"]["schemas"]
    names = [p["name"] for p in schema["paths"]["/figures"]["get"]["parameters"]]
    assert names == ["about", "role", "level", "all"]
