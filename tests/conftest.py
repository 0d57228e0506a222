"""Settings for all tests."""

import os

import pytest
from hypothesis import settings

# A busy machine must not fail a test: examples have no time limit of their own. CI tries the same
# examples each time, so that what fails there fails here; at home new ones are tried.
settings.register_profile("inkwash", deadline=None, derandomize="CI" in os.environ)
settings.load_profile("inkwash")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The browser's tests last: Playwright keeps an event loop running until the very end."""
    items.sort(key=lambda item: "browser" in item.path.parts)
