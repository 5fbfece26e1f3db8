"""Questions of a run: what may be asked is looked at again each time that they are put together."""

import json
from pathlib import Path

from tests.workflows.generation import WHO, answering, import_pairs, open_chat, prepared
from tests.workflows.texts import accept_all, release

from accord.domain.chat import Trouble
from accord.domain.progress import CancelFlag
from accord.domain.releases import ReleasePlan
from accord.storage import generated, listing
from accord.storage.project import Project
from accord.workflows import generating
from accord.workflows.generation_starts import Wish


def test_what_a_release_holds_out_since_is_neither_asked_nor_shown(project: Project, tmp_path: Path) -> None:
    import_pairs(
        project,
        tmp_path,
        [
            (
                f"What is done about a burn of degree {n}?",
                f"It is cooled for {n} minutes under water, and looked at by a doctor.",
            )
            for n in range(6)
        ],
    )
    accept_all(project)
    flag = CancelFlag()
    flag.cancelled = True
    with answering(lambda turn, _asked: {"pairs": [{"request": f"And number {turn}?", "answer": "Rest."}]}) as service:
        ready = prepared(project, service.base_url, "variations", Wish(n=6, shown=2))
        first = generating.start(project=project, who=WHO, prepared=ready, open_service=open_chat, progress=flag)
        assert first.waiting
        asked = len(service.requests)
        release(project, "first", ReleasePlan(heldout=0.5))
        with project.read() as view:
            barred = generated.kept_from_models(view)
            held = [row.content.answer for row in listing.iterate(view) if row.seq in barred]
        last = generating.resume(project=project, who=WHO, run=first.run, open_service=open_chat)
        sent = b"".join(one.raw for one in service.requests[asked:]).decode()
    out = sum(one.seed in barred for one in ready.starts.starts)
    assert 0 < out < len(ready.starts.starts)
    assert last.failed == {Trouble.HELD_OUT: out}
    assert not last.waiting
    assert not any(json.dumps(answer)[1:-1] in sent for answer in held)
