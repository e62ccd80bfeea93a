"""Fails when an installed run-time dependency has a licence that the project does not take."""

import re
import subprocess
import sys
from importlib.metadata import distribution
from pathlib import Path

TAKEN = re.compile(r"\b(MIT|BSD|Apache|PSF|Python-2\.0|MPL|Mozilla|LGPL|ISC|0BSD|CNRI-Python)\b", re.IGNORECASE)
REFUSED = re.compile(r"\b(AGPL|(?<!L)GPL)", re.IGNORECASE)


def _pinned(requirements: Path) -> list[str]:
    return re.findall(r"^([a-z0-9][a-z0-9._-]*)==", requirements.read_text(), flags=re.MULTILINE)


def _licence(name: str) -> str:
    metadata = distribution(name).metadata
    classifiers = [line for line in metadata.get_all("Classifier") or [] if line.startswith("License ::")]
    return " ".join([metadata.get("License-Expression") or "", *classifiers, (metadata.get("License") or "")[:200]])


def main() -> int:
    """Print a line for each dependency that is in the lock file and installed here; 1 if one is not taken."""
    refused = 0
    installed = subprocess.run([sys.executable, "-m", "pip", "freeze"], capture_output=True, text=True, check=True)
    here = {line.partition("==")[0].lower().replace("_", "-").replace(".", "-") for line in installed.stdout.split()}
    for name in _pinned(Path("requirements.txt")):
        if name.replace("_", "-").replace(".", "-") not in here:
            continue
        licence = " ".join(_licence(name).split())
        if not TAKEN.search(licence) or REFUSED.search(licence):
            print(f"not taken: {name}: {licence or 'no licence stated'}")
            refused += 1
    print(f"{refused} licences not taken")
    return 1 if refused else 0


if __name__ == "__main__":
    sys.exit(main())
