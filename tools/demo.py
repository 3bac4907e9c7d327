"""Check every re-enacted incident before and after its fix, by all three hosts.

Prints the findings in full and one line for each incident. Status 0 only if every `before` shows
the codes that its `# expect:` comments name, every `after` is clean, and the hosts agree.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

from incident_lint.knowledge import rules

ROOT = Path(__file__).resolve().parents[1]
INCIDENTS = ROOT / "fixtures" / "incidents"
OFF = ",".join(sorted(c for c in rules.DELIVERED if not rules.codes()[c].default_on))
"""What has to be asked for by name: an incident counts whether its code is on or not yet."""
OURS = ["incident_lint", "check", f"--extend-select={OFF}"]
HOSTS = {
    "incident-lint": [*OURS, "--output-format=concise"],
    "flake8": ["flake8", "--isolated", f"--select=INC,{OFF}"],
    "pylint": [
        "pylint",
        f"--rcfile={os.devnull}",
        "--recursive=y",
        "--load-plugins=incident_lint.pylint",
        "--disable=all",
        "--enable=incident-lint",
        "--score=n",
        "--msg-template={path}:{line}: {msg_id}",
    ],
}
PYLINT_IDS = {entry.pylint_id: entry.code for entry in rules.codes().values()}


def main() -> int:
    """Show every incident; 0 if all of them are found before the fix and gone after it."""
    incidents = sorted(path for path in INCIDENTS.iterdir() if path.is_dir())
    results = [shown(incident) for incident in incidents]
    print("\n".join(line for line, _ in results))
    return 0 if results and all(right for _, right in results) else 1


def shown(incident: Path) -> tuple[str, bool]:
    """Print what is found before the fix; the incident's line and whether all is as it must be."""
    print(f"--- {incident.name}: before the fix\n", flush=True)
    _ = subprocess.run(command([*OURS, "--output-format=full"], incident / "before"), cwd=ROOT)
    wanted = expected(incident / "before")
    before = {host: codes(host, incident / "before") for host in HOSTS}
    after = {host: codes(host, incident / "after") for host in HOSTS}
    print()
    wrong = [
        *(
            f"{host} shows {listed(found)} before"
            for host, found in before.items()
            if found != wanted
        ),
        *(f"{host} shows {listed(found)} after" for host, found in after.items() if found),
    ]
    if wrong or not wanted:
        return f"{incident.name}: NOT AS EXPECTED: {'; '.join(wrong) or 'nothing expected'}", False
    return (
        f"{incident.name}: {listed(wanted)} before the fix, clean after ({', '.join(HOSTS)})",
        True,
    )


def expected(folder: Path) -> set[str]:
    """The codes that the comments of a folder's files name, but for those that are suspected,
    which hosts show only when they are asked to."""
    texts = (path.read_text(encoding="utf-8") for path in folder.rglob("*.py"))
    lines = [line for text in texts for line in re.findall(r"# expect: (.+)", text)]
    return {code for line in lines for code in re.findall(r"(INC\d{3})(?! suspected)", line)}


def codes(host: str, folder: Path) -> set[str]:
    """The codes that a host shows for a folder; a host that fails shows its own words."""
    run = subprocess.run(
        command(HOSTS[host], folder), cwd=ROOT, capture_output=True, encoding="utf-8"
    )
    found = set(re.findall(r": (INC\d{3}|[A-Z]\d{4})\b", run.stdout))
    if run.stderr.strip() or (run.returncode != 0) != bool(found):
        print(f"{host}: status {run.returncode}\n{run.stdout}{run.stderr}", file=sys.stderr)
        found.add(f"status {run.returncode}")
    return {PYLINT_IDS.get(code, code) for code in found}


def command(module: list[str], folder: Path) -> list[str]:
    return [sys.executable, "-m", *module, str(folder.relative_to(ROOT))]


def listed(found: set[str]) -> str:
    return ", ".join(sorted(found)) or "nothing"


if __name__ == "__main__":
    sys.exit(main())
