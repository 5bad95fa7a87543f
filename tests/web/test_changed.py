"""The page of a shortlist says what changed since, and leads to the versions and rows that did it."""

from __future__ import annotations

import re
from html import unescape

import pytest
from tests.match.moved import NOW, moved_borgo
from tests.serving import served

PATH = f"/en/briefs/cheese-dairy?as_of={NOW.isoformat()}"


@pytest.fixture(scope="module")
def client(tmp_path_factory):
    folder = tmp_path_factory.mktemp("served") / "borgo-prova"
    opened, _ = moved_borgo(folder)
    opened.database.close()
    with served(folder) as found:
        yield found


def _section(html):
    return re.search(r'<section aria-labelledby="changed".*?</section>', html, re.DOTALL)[0]


def test_each_row_and_version_that_moved_a_site_can_be_opened(client):
    told = _section(client.get(f"{PATH}&since=sites@1").text)
    assert "from “Qualified” to “Excluded”" in told
    assert "no longer in the register" in told
    links = [unescape(one) for one in re.findall(r'href="(/en/data/[^"]+)"', told)]
    assert len(links) >= 6
    assert [link for link in links if client.get(link).status != 200] == []
    [diff] = [link for link in links if "site_attributes?" in link]
    html = client.get(diff).text
    assert "prato-grande-0" in html
    assert "sold" in html


def test_without_a_moment_only_the_question_is_there(client):
    told = _section(client.get(PATH).text)
    assert 'type="date"' in told
    assert "/data/" not in told


@pytest.mark.parametrize(
    ("since", "status", "kind"),
    [
        ("1999-01-01", 400, "since-before-all"),
        ("bla", 400, "since-unclear"),
        ("sites@%00", 404, "version-unknown"),
        ("x" * 5_000, 400, "since-unclear"),
        ("0001-01-01", 400, "since-before-all"),
        ("@", 404, "dataset-unknown"),
    ],
)
def test_a_moment_that_nobody_can_mean_is_told_where_it_was_asked(client, since, status, kind):
    found = client.get(f"{PATH}&since={since}")
    assert found.status == 200
    assert 'role="alert"' in _section(found.text)
    assert "\0" not in found.text
    told = client.get(f"/api/match/cheese-dairy?as_of={NOW.isoformat()}&since={since}")
    assert (told.status, told.json["title"]) == (status, kind)


def test_a_dataset_is_compared_with_the_version_that_was_asked_for(client):
    assert client.get("/en/data/sites?since=1").status == 200
    assert client.get("/en/data/sites?since=77").status == 404
