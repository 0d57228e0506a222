"""The server keeps to its own OpenAPI description, whatever is sent to it."""

from __future__ import annotations

import warnings
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, Phase, settings

from inkwash.serve.app import create_api
from inkwash.serve.guard import Access
from serving import Served, serving

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # what schemathesis uses is its own business
    import schemathesis
    from schemathesis import checks

CHECKS = [
    checks.not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_schema_conformance,
    checks.negative_data_rejection,
    checks.unsupported_method,
]


def never():
    raise AssertionError("only the description is wanted")


described = schemathesis.openapi.from_dict(create_api(never, Access()).openapi())


@pytest.fixture(scope="module")
def served(tmp_path_factory) -> Iterator[Served]:
    with serving(tmp_path_factory.mktemp("studio")) as found:
        yield found


@pytest.fixture(scope="module")
def sketch(served: Served) -> str:
    return served.open().rpartition("/")[2]


@described.parametrize()
@settings(
    max_examples=8,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_answers_are_as_described(case, served: Served, sketch: str):
    if "sketch_id" in case.path_parameters and (case.method, case.path[-1]) != ("DELETE", "}"):
        case.path_parameters["sketch_id"] = sketch
    case.call_and_validate(base_url=served.url, checks=CHECKS, timeout=20)
