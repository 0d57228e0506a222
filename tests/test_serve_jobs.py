"""Jobs: their turn, their progress, and what is left when they end."""

from __future__ import annotations

import asyncio
import gc
import http.client
import threading
import weakref
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import numpy as np
import pytest

from inkwash.serve.folder import Folder
from inkwash.serve.jobs import Job, Queue, Task
from inkwash.serve.limits import Limits
from inkwash.serve.problems import Problem
from inkwash.serve.sources import receive
from load import colour_hint, events
from serving import LEFT, PNG, Served, expect_problem, serving, wait_until

LIMITS = Limits(queued=4, queued_of_one=3, rounds=3, commands=6, kept=12)


@pytest.fixture
def served(tmp_path) -> Iterator[Served]:
    with serving(tmp_path / "studio", LIMITS) as found:
        yield found


def job(client: str, work=None, kind: str = "paint") -> Job:
    async def nothing(task: Task) -> None:
        return None

    return Job(kind=kind, client=client, sketch=None, work=work or nothing)


def occupy(served: Served, waiting: int = 0) -> None:
    """A job that runs until the painter's gate is set, and others behind it."""
    served.painter.gate.clear()
    running = served.upload()["job"]
    wait_until(lambda: served.get(f"/v1/jobs/{running}").json()["state"] == "running")
    for _ in range(waiting):
        served.upload()


def run(scenario) -> None:
    """A scenario over a queue that is not at work yet."""

    async def main() -> None:
        queue = Queue(Limits(queued=10, queued_of_one=6))
        await scenario(queue)
        await queue.close()

    asyncio.run(main())


def test_clients_take_turns():
    async def scenario(queue: Queue) -> None:
        done = []

        def noting(name: str):
            async def work(task: Task) -> None:
                done.append(name)

            return work

        names = ["a1", "a2", "a3", "a4", "b1", "c1", "b2"]
        jobs = {name: queue.add(job(name[0], noting(name))) for name in names}
        fair = ["a1", "b1", "c1", "a2", "b2", "a3", "a4"]
        said = {name: queue.view(found).position for name, found in jobs.items()}
        assert sorted(names, key=said.__getitem__) == fair
        assert sorted(said.values()) == list(range(7))
        worker = asyncio.create_task(queue.work())
        for found in jobs.values():
            await queue.finished(found)
        worker.cancel()
        assert done == fair

    run(scenario)


def test_the_queue_is_bounded_for_one_and_for_all():
    async def scenario(queue: Queue) -> None:
        for _ in range(6):
            queue.add(job("a"))
        with pytest.raises(Problem, match="6 jobs are waiting") as full:
            queue.add(job("a"))
        assert full.value.status == 429
        assert int(full.value.headers["Retry-After"]) >= 1
        for client in "bcde":
            queue.add(job(client))
        with pytest.raises(Problem, match="10 jobs"):
            queue.add(job("f"))

    run(scenario)


class Heavy(np.ndarray):
    """An array that can be watched."""


@pytest.mark.parametrize("how", ["done", "failed", "cancelled", "stopped"])
def test_a_job_that_ends_frees_what_it_held(how):
    async def scenario(queue: Queue) -> None:
        heavy = np.zeros(1000).view(Heavy)
        gone, cleaned = weakref.ref(heavy), []
        begun = asyncio.Event()

        async def work(task: Task, held=heavy) -> None:
            begun.set()
            if how == "failed":
                raise ValueError(f"no room for {held.size}")
            if how == "stopped":
                while True:
                    await task.run(lambda: task.report("propose", 0.5))

        found = queue.add(job("a", work))
        found.clean = lambda: cleaned.append(how)
        del heavy, work
        if how == "cancelled":
            queue.cancel(found)
        worker = asyncio.create_task(queue.work())
        if how == "stopped":
            await begun.wait()
            queue.cancel(found)
        await queue.finished(found)
        await asyncio.sleep(0)
        worker.cancel()
        gc.collect()
        assert gone() is None
        assert cleaned == [how]
        expected = {"stopped": "cancelled"}.get(how, how)
        assert queue.view(found).state == expected
        if how == "failed":
            assert found.problem is not None
            assert found.problem["status"] == 500
            assert "1000" not in found.problem["detail"]

    run(scenario)


def test_finished_jobs_are_forgotten_in_the_end():
    async def scenario(_: Queue) -> None:
        queue = Queue(Limits(remembered=2))
        jobs = []
        for _ in range(4):
            jobs.append(queue.add(job("a")))
            queue.cancel(jobs[-1])
        with pytest.raises(Problem):
            queue.get(jobs[0].id)
        assert queue.get(jobs[-1].id) is jobs[-1]
        await queue.close()

    run(scenario)


def test_progress_comes_as_events(served: Served):
    opened = served.upload()
    said = events(served.get(f"/v1/jobs/{opened['job']}/events").text)
    assert said[-1]["state"] == "done"
    assert said[-1]["result"] == {"sketch": opened["id"]}
    shares = [event["share"] for event in said]
    assert shares == sorted(shares)
    steps = [event["step"] for event in said if event["step"]]
    assert steps[-1] == "save"
    answer = served.get(f"/v1/jobs/{opened['job']}")
    assert answer.json() == said[-1]
    stream = served.get(f"/v1/jobs/{opened['job']}/events")
    assert stream.headers["content-type"].startswith("text/event-stream")


def test_waiting_jobs_know_their_place_and_can_be_cancelled(served: Served):
    served.painter.gate.clear()
    jobs = [served.upload()["job"] for _ in range(3)]
    wait_until(lambda: served.get(f"/v1/jobs/{jobs[0]}").json()["state"] == "running")
    assert [served.get(f"/v1/jobs/{j}").json()["position"] for j in jobs] == [0, 1, 2]
    assert served.client.delete(f"/v1/jobs/{jobs[1]}").json()["state"] == "cancelled"
    assert served.get(f"/v1/jobs/{jobs[2]}").json()["position"] == 1
    served.client.delete(f"/v1/jobs/{jobs[0]}")
    served.painter.gate.set()
    assert [served.wait(j)["state"] for j in jobs] == ["cancelled", "cancelled", "done"]
    assert len(served.get("/v1/sketches").json()) == 1
    assert not list((served.data / "incoming").iterdir())
    assert served.client.delete(f"/v1/jobs/{jobs[2]}").json()["state"] == "done"


def test_a_full_queue_says_when_to_come_again(served: Served):
    sketch = served.open()
    occupy(served, waiting=3)
    for call in (
        lambda: served.post("/v1/sketches", files={"file": ("x.png", PNG)}),
        lambda: served.post("/v1/paint", files={"file": ("x.png", PNG)}),
        lambda: served.post(f"{sketch}/reroll"),
    ):
        answer = call()
        said = expect_problem(answer, 429, "busy")
        assert int(answer.headers["retry-after"]) == said["retry_after"] >= 1
    for address in ("/v1/sketches", "/v1/paint"):
        assert status_before_the_body(served.url, address) == 429
    assert len(list((served.data / "incoming").iterdir())) == 4
    assert served.post(f"{sketch}/hints", json=colour_hint(LEFT, "#fff")).is_success


def status_before_the_body(url: str, address: str) -> int:
    """What is answered to a client that sends no byte of the upload it announces."""
    there = http.client.HTTPConnection(url.removeprefix("http://"), timeout=5)
    there.putrequest("POST", address)
    there.putheader("Content-Type", "multipart/form-data; boundary=x")
    there.putheader("Content-Length", "1000000")
    there.endheaders()
    status = there.getresponse().status
    there.close()
    return status


def test_a_full_list_is_said_before_the_upload(tmp_path):
    with serving(tmp_path, Limits(kept=1)) as served:
        served.open()
        assert status_before_the_body(served.url, "/v1/sketches") == 409


def test_uploads_on_their_way_have_a_place_in_the_queue():
    async def scenario(queue: Queue) -> None:
        with ExitStack() as uploads:
            places = [uploads.enter_context(queue.arriving("a")) for _ in range(6)]
            with pytest.raises(Problem, match="6 jobs are waiting"), queue.arriving("a"):
                pass
            with pytest.raises(Problem, match="6 jobs are waiting"):
                queue.add(job("a"))
            queue.add(job("a"), places[0])
            with pytest.raises(Problem, match="6 jobs are waiting"):
                queue.add(job("a"))
        queue.add(job("a"))

    run(scenario)


@pytest.mark.parametrize("address", ["sketches", "paint"])
def test_an_upload_keeps_its_place_until_its_job_has_it(served: Served, monkeypatch, address):
    """Also while it is looked at, which takes a while for a large file."""
    here, go_on = threading.Event(), threading.Event()

    def slowly(*given):
        here.set()
        assert go_on.wait(10)
        return receive(*given)

    sketch = served.open()
    occupy(served, waiting=2)
    monkeypatch.setattr(f"inkwash.serve.routes.{address}.receive", slowly)
    with ThreadPoolExecutor(1) as aside:
        file = {"file": ("x.png", PNG)}
        last = aside.submit(served.post, f"/v1/{address}", files=file)
        assert here.wait(10)
        expect_problem(served.post(f"{sketch}/reroll"), 429, "busy")
        go_on.set()
        wait_until(lambda: last.done() or len(served.studio.queue) == 3)
        served.painter.gate.set()
        assert last.result().is_success
    wait_until(lambda: not served.studio.queue)
    assert served.post(f"{sketch}/reroll").is_success


def test_another_browser_need_not_wait_for_all_of_the_first(served: Served):
    served.painter.gate.clear()
    mine = [served.upload()["job"] for _ in range(3)]
    with served.another() as other:
        other.get("/")
        answer = other.post("/v1/sketches", files={"file": ("x.png", PNG)}).json()
        position = other.get(f"/v1/jobs/{answer['job']}").json()["position"]
    last = served.get(f"/v1/jobs/{mine[-1]}").json()["position"]
    assert position < last


def test_a_newer_question_takes_the_place_of_one_that_waits(served: Served):
    sketch = served.open()
    occupy(served)
    first = served.post(f"{sketch}/reroll").json()["job"]
    second = served.post(f"{sketch}/reroll", json={"seed": 9}).json()["job"]
    assert served.get(f"/v1/jobs/{first}").json()["state"] == "cancelled"
    assert served.get(sketch).json()["job"] == second
    served.painter.gate.set()
    assert served.wait(second)["state"] == "done"
    assert served.get(sketch).json()["seed"] == 9


def test_a_sketch_closed_under_its_job(served: Served):
    sketch = served.open()
    served.painter.gate.clear()
    question = served.post(f"{sketch}/reroll").json()["job"]
    assert served.client.delete(sketch).status_code == 204
    served.painter.gate.set()
    assert served.wait(question)["state"] == "cancelled"
    assert served.get("/v1/sketches").json() == []


def test_a_sketch_closed_while_it_is_saved_first(served: Served, monkeypatch):
    saving, go_on, save = threading.Event(), threading.Event(), Folder.save

    def slowly(*given):
        saving.set()
        assert go_on.wait(10)
        return save(*given)

    monkeypatch.setattr(Folder, "save", slowly)
    opened = served.upload()
    assert saving.wait(10)
    assert served.client.delete(f"/v1/sketches/{opened['id']}").status_code == 204
    go_on.set()
    assert served.wait(opened["job"])["state"] == "cancelled"
    assert served.get("/v1/sketches").json() == []
    expect_problem(served.get(f"/v1/sketches/{opened['id']}"), 404, "not-found")


def test_a_crash_of_the_network_fails_the_job_and_nothing_else(served: Served, monkeypatch):
    sketch = served.open()

    def crash(*_):
        raise RuntimeError("secret details")

    with monkeypatch.context() as patch:
        patch.setattr(served.painter, "study", crash)
        question = served.wait(served.post(f"{sketch}/reroll").json()["job"])
    assert question["state"] == "failed"
    assert question["problem"]["type"] == "urn:inkwash:internal"
    assert "secret" not in str(question)
    state = served.get(sketch).json()
    assert (state["job"], state["round"]) == (None, 0)
    assert served.wait(served.post(f"{sketch}/reroll").json()["job"])["state"] == "done"


def test_rounds_and_commands_of_a_sketch_are_bounded(served: Served):
    sketch = served.open()
    for _ in range(2):
        assert served.wait(served.post(f"{sketch}/reroll").json()["job"])["state"] == "done"
    expect_problem(served.post(f"{sketch}/reroll"), 422, "bad-config")
    for _ in range(4):
        assert served.post(f"{sketch}/hints", json=colour_hint(LEFT, "#fff")).is_success
    expect_problem(
        served.post(f"{sketch}/hints", json=colour_hint(LEFT, "#fff")), 422, "bad-config"
    )
    for way in ("undo", "redo", "undo"):
        assert served.post(f"{sketch}/{way}").is_success
    assert served.post(f"{sketch}/hints", json=colour_hint(LEFT, "#000")).is_success


def test_the_list_is_bounded_and_nothing_is_dropped_for_it(served: Served):
    for _ in range(LIMITS.kept):
        served.open()
    expect_problem(served.post("/v1/sketches", files={"file": ("x.png", PNG)}), 409, "full")
    assert len(served.get("/v1/sketches").json()) == LIMITS.kept


@pytest.mark.parametrize("job_id", ["x", "0" * 32, "..%2fx"])
def test_jobs_that_are_not_there(served: Served, job_id):
    for path in (f"/v1/jobs/{job_id}", f"/v1/jobs/{job_id}/events"):
        expect_problem(served.get(path), 404, "not-found")
    expect_problem(served.client.delete(f"/v1/jobs/{job_id}"), 404, "not-found")


def test_figures_are_told(served: Served):
    sketch = served.open()
    served.get(f"{sketch}/tiles/picture/0/0/0.webp")
    served.get("/nothing")
    answer = served.get("/metrics")
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    lines = dict(
        line.rsplit(" ", 1) for line in answer.text.splitlines() if not line.startswith("#")
    )
    assert float(lines["inkwash_sketches_open"]) == 1
    assert float(lines["inkwash_queue_length"]) == 0
    assert float(lines["inkwash_tiles_bytes"]) > 0
    assert float(lines["process_resident_memory_bytes"]) > 1e7
    assert float(lines['inkwash_jobs_total{kind="open",state="done"}']) == 1
    assert float(lines['inkwash_job_seconds_count{kind="open"}']) == 1
    tiles = "/v1/sketches/{sketch_id}/tiles/{layer}/{level}/{column}/{row}.webp"
    assert float(lines[f'inkwash_requests_total{{method="GET",route="{tiles}",status="200"}}']) == 1
    assert float(lines['inkwash_requests_total{method="GET",route="none",status="404"}']) == 1
    assert "rooms" not in answer.text
