from pathlib import Path

import pytest

from tests.tools.house import House


@pytest.fixture
def house(tmp_path: Path) -> House:
    """An empty checkout."""
    return House(tmp_path)
