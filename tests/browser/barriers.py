"""What keeps somebody out, as far as a program sees it."""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe
from studio_page import StudioPage


def violations(studio: StudioPage) -> list[str]:
    """What axe-core calls serious or critical, with the elements."""
    found = Axe().run(studio.page).response["violations"]
    return [
        f"{one['id']}: {[node['html'][:120] for node in one['nodes']]}"
        for one in found
        if one["impact"] in ("serious", "critical")
    ]
