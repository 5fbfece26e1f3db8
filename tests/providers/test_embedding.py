"""Texts become vectors by the real model in a program of its own; what is known is not computed, or even read, again."""

import shutil
import tempfile
from pathlib import Path

import numpy as np
import pytest
from tests.providers.texts import Texts, Watched

from accord.analysis.meaning import unread
from accord.domain.errors import Cancelled
from accord.domain.meaning import NoMeaning
from accord.domain.progress import Silent
from accord.providers import embedding, models
from accord.providers.embedding import SidecarEmbedder, cache_folder
from accord.providers.sidecar import SidecarFailed

SAID = ["What is gout?", "Tell me what gout is.", "", "When does the ward open?", "What is gout?", " \n"]


def _every_file(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


def test_texts_are_compared_by_what_they_mean_and_known_ones_are_not_read_again(tmp_path: Path) -> None:
    embedder, texts, watched = SidecarEmbedder(cache=tmp_path), Texts(SAID), Watched()
    vectors = embedder.embed(texts.keys, texts.read, watched)
    cosine = vectors @ vectors.T
    assert np.allclose(np.diag(cosine), [1, 1, 0, 1, 1, 0], atol=1e-5)
    assert cosine[0, 1] > 0.85
    assert cosine[0, 3] < 0.3
    assert (vectors[0] == vectors[4]).all()
    assert watched.notes[0] == "loading the model of 3"
    assert watched.notes[-1].endswith("texts a second of 3")
    again = Texts([*SAID[:3], "A text that is not asked for"])
    assert (embedder.embed(again.keys[:3], again.read, Silent()) == vectors[:3]).all()
    assert again.asked == 0
    # The same text in another example is read, and not computed.
    alias = Texts(["What is gout?"])
    keys = np.array([[99, 99]], dtype=np.uint64)
    quiet = Watched()
    assert (embedder.embed(keys, alias.read, quiet) == vectors[:1]).all()
    assert not quiet.notes
    assert b"gout" not in _every_file(tmp_path)
    embedder.forget(keys)
    assert embedder._store().find(texts.keys)[0].tolist() == [False, True, True, True, False, True]


def test_what_was_done_before_a_stop_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    texts = Texts([f"Question number {i} about medicine {i % 7}?" for i in range(400)])
    watched = Watched(stop=lambda done, _note: done >= 256)
    embedder = SidecarEmbedder(cache=tmp_path / "cache", part_rows=128)
    folders = tmp_path / "runs"
    folders.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folders))
    with pytest.raises(Cancelled):
        embedder.embed(texts.keys, texts.read, watched)
    assert not list(folders.iterdir())
    own = np.array([embedding.text_key(text) for text in texts.texts], dtype=np.uint64)
    assert 128 <= embedder._store().find(own)[0].sum() < 400


def test_a_text_that_the_model_cannot_read_is_like_itself_alone(tmp_path: Path) -> None:
    # From the real files: answers that have nothing in common, and a sentence said twice.
    zh = "可以考虑使用抗坏血酸、对乙酰氨基酚等药物。", "病因可能是感染、导管排泄障碍或异常激素刺激。"
    ar = "راني نحس بالرعدة الواعرة و جسمي ولى أزرق", "راني نحس بالخنقة في الرقبة"
    read = "Der Besitzer einer Sache kann sie verlangen.", "El paciente refiere dolor abdominal desde ayer."
    texts = Texts([*zh, *ar, *read, zh[0] + " "])
    vectors = SidecarEmbedder(cache=tmp_path).embed(texts.keys, texts.read, Silent())
    cosine = vectors @ vectors.T
    assert abs(cosine[:4, :6] - np.eye(4, 6)).max() < 0.3
    assert cosine[0, 6] == pytest.approx(1, abs=1e-5)
    assert unread(vectors).tolist() == [True, True, True, True, False, False, True]


def test_a_model_that_cannot_be_loaded_is_said_with_the_last_lines(tmp_path: Path) -> None:
    broken = tmp_path / "broken"
    shutil.copytree(models.embedding_model("").folder, broken)
    (broken / "model.safetensors").write_bytes(b"no weights")
    texts = Texts(["a"])
    with pytest.raises(SidecarFailed) as failed:
        SidecarEmbedder(folder=str(broken), cache=tmp_path / "cache").embed(texts.keys, texts.read, Silent())
    assert "ended without a result" in str(failed.value)
    assert "Safetensor" in str(failed.value)


def test_a_folder_without_a_model_is_said(tmp_path: Path) -> None:
    with pytest.raises(NoMeaning, match="holds no model"):
        SidecarEmbedder(folder=str(tmp_path)).model()


def test_what_is_not_installed_is_said_with_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(models, "_NEEDED", ("a_package_that_is_not_there",))
    with pytest.raises(NoMeaning, match=r"accord\[ml\]"):
        SidecarEmbedder().model()


def test_another_model_has_another_digest(tmp_path: Path) -> None:
    usual = models.embedding_model("")
    copy = tmp_path / "copy"
    shutil.copytree(usual.folder, copy)
    assert models.embedding_model(str(copy)).digest == usual.digest
    config = copy / "config.json"
    config.write_text(config.read_text("utf-8") + "\n", "utf-8")
    assert models.embedding_model(str(copy)).digest != usual.digest


def test_vectors_are_kept_where_the_system_keeps_what_can_be_made_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ACCORD_CACHE_DIR", raising=False)
    assert "accord" in cache_folder().parts[-1]
