"""The names that `--format` takes."""

from pathlib import Path

import pytest
from report_samples import typical

from trustgate import report


@pytest.mark.parametrize("name", report.FORMATS)
def test_every_format_renders(name):
    shown = report.render(name, typical(), color=False, seconds=0.1)
    assert "tls-verify-off" in shown
    assert shown.endswith("\n")


def test_colour_and_seconds_reach_the_text():
    assert "\x1b[" in report.render("text", typical(), color=True)
    assert report.render("text", typical(), seconds=0.5).endswith("; 0.50 s\n")


@pytest.mark.parametrize("name", ["", "phrases", "../json", "xml"])
def test_other_names_are_refused(name):
    with pytest.raises(ValueError, match="no report format"):
        report.render(name, typical())


def test_variants_never_import_each_other():
    folder = Path(report.__file__).parent
    for name in report.FORMATS:
        source = (folder / f"{name}.py").read_text()
        for other in report.FORMATS:
            assert f"trustgate.report.{other}" not in source
            assert f"trustgate.report import {other}" not in source
