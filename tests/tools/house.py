"""A small checkout to try the checks on."""

import subprocess
from pathlib import Path


class House:
    """A git repository with the files a test puts there."""

    def __init__(self, root: Path) -> None:
        self.root = root
        subprocess.run(["git", "init", "--quiet", str(root)], check=True)

    def put(self, name: str, text: str) -> None:
        """Write the file `name`, with the folders it needs."""
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
