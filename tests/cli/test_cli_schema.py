"""`trustgate schema`: the published schemas, as they are."""

import json

import pytest
from click.testing import CliRunner

from trustgate.cli.schema import schema
from trustgate.errors import UsageError


def test_lists_the_names():
    assert "report" in CliRunner().invoke(schema, []).stdout.split()


def test_prints_a_schema():
    result = CliRunner().invoke(schema, ["report"])
    assert result.exit_code == 0
    assert json.loads(result.stdout)["title"] == "trustgate.report/1"


@pytest.mark.parametrize("name", ["nothing", "../report", "report.json", ""])
def test_unknown_name_says_which_there_are(name):
    error = CliRunner().invoke(schema, [name]).exception
    assert isinstance(error, UsageError)
    assert "report" in error.hint
