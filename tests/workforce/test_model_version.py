"""The version of a model is the version of its code: it changes with every file that decides an outcome."""

import shutil

import regio_engine
from regio.workforce import model_runs


def test_the_version_names_engine_and_fingerprint():
    assert f"{regio_engine.MODEL_VERSION}-{model_runs.fingerprint()}" == model_runs.MODEL_VERSION


def test_another_choice_is_another_version(tmp_path, monkeypatch):
    copy = tmp_path / "regio_engine"
    shutil.copytree(regio_engine.__path__[0], copy, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(regio_engine, "__file__", str(copy / "__init__.py"))
    before = model_runs.fingerprint()
    assert before == model_runs.MODEL_VERSION.rpartition("-")[2]
    with (copy / "parameters" / "pupil_model.yaml").open("a") as choice:
        choice.write("# another choice\n")
    assert model_runs.fingerprint() != before
