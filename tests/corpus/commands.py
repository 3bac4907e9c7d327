"""Fetch packages, run the linter, review and record, compare, write docs/accuracy.md."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from . import accuracy, compare, fetch, peers, review, run, verdicts
from .packages import CorpusError, Package, chosen, fetched, packages


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; the exit status is 2 for something that the caller can mend."""
    options = _parser().parse_args(argv)
    command: Callable[[argparse.Namespace], None] = options.command
    try:
        command(options)
    except CorpusError as error:
        print(f"corpus: {error}", file=sys.stderr)
        return 2
    except BrokenPipeError:
        return 2
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python tests/corpus", description=__doc__)
    commands = parser.add_subparsers(required=True)

    def add(command: Callable[[argparse.Namespace], None], words: str) -> argparse.ArgumentParser:
        name = command.__name__.strip("_")
        one = commands.add_parser(name, help=words, description=words)
        one.set_defaults(command=command)
        one.add_argument("packages", nargs="*", help="names from packages.toml (default: all)")
        one.add_argument("--fresh", action="store_true", help="the fresh packages instead")
        return one

    add(_fetch, "download and unpack the pinned packages")
    add(_pin, "print rows of packages.toml for the newest versions of packages")
    one = add(_run, "run the linter and keep its findings")
    one.add_argument("--jobs", type=int, default=1)
    add(_diff, "what the last run says that the run before did not")
    one = add(_review, "print findings with their code, to be judged")
    one.add_argument("--code", default="INC1", help="a code or prefix (default: INC1)")
    one.add_argument("--sample", type=int, default=10**9, metavar="N", help="N of them at random")
    one.add_argument("--seed", type=int, default=0)
    one.add_argument("--batch", default="1/1", metavar="I/N", help="the I-th of N equal parts")
    one.add_argument("--judged", action="store_true", help="also those that have a verdict")
    one.add_argument("--around", type=int, default=review.AROUND, metavar="LINES")
    one = commands.add_parser("record", help="add the verdicts of a file of notes to the rows")
    one.set_defaults(command=_record)
    one.add_argument("notes", type=Path)
    one.add_argument("--reread", action="store_true", help="replace the rows that exist")
    words = "the packages were opened while the rule was built: none of the rows is fresh"
    one.add_argument("--opened", action="store_true", help=words)
    one = add(_compare, "compare with other linters and store the counts")
    one.add_argument("--family", choices=[family.name for family in compare.FAMILIES])
    one = commands.add_parser("accuracy", help="write docs/accuracy.md")
    one.set_defaults(command=_accuracy)
    words = "take counts and `reported` from the last runs first"
    one.add_argument("--refresh", action="store_true", help=words)
    return parser


def _fetch(options: argparse.Namespace) -> None:
    for package in chosen(options.packages, fresh=options.fresh):
        print(fetch.fetch(package))


def _pin(options: argparse.Namespace) -> None:
    for name in options.packages:
        print(fetch.pin(name, "fresh" if options.fresh else "development"))


def _run(options: argparse.Namespace) -> None:
    for package in fetched(chosen(options.packages, fresh=options.fresh)):
        result = run.run(package, jobs=options.jobs)
        run.store(result, package.result)
        print(f"{package.label:32}{result.seconds:7.1f} s  {len(result.findings)} findings")


def _diff(options: argparse.Namespace) -> None:
    for package in chosen(options.packages, fresh=options.fresh):
        before = package.result.with_suffix(".before.json")
        if package.result.is_file() and before.is_file():
            old, new = run.load(before), run.load(package.result)
            for line in run.difference(old.findings, new.findings):
                print(f"{line[:2]}{package.name}:{line[2:]}")


def _review(options: argparse.Namespace) -> None:
    judged = set() if options.judged else {row.place for row in verdicts.recorded()}
    findings: list[review.Item] = []
    for package in chosen(options.packages, fresh=options.fresh):
        if package.result.is_file():
            findings += [
                (package, finding)
                for finding in run.load(package.result).findings
                if finding["code"].startswith(options.code)
                and verdicts.place_of(package.name, finding) not in judged
            ]
    findings = review.sample(findings, options.sample, options.seed)
    part, parts = (int(number) for number in options.batch.split("/"))
    start, end = len(findings) * (part - 1) // parts, len(findings) * part // parts
    for package, finding in findings[start:end]:
        print(review.page(package, finding, options.around))
    print(f"# {end - start} of {len(findings)} findings", file=sys.stderr)


def _record(options: argparse.Namespace) -> None:
    notes = options.notes.read_text(encoding="utf-8")
    rows = verdicts.record(
        notes, packages(), verdicts.recorded(), reread=options.reread, opened=options.opened
    )
    for problem in verdicts.problems(rows, packages()):
        raise CorpusError(problem)
    verdicts.keep(rows)
    print(f"{len(rows)} rows")


def _compare(options: argparse.Namespace) -> None:
    """Without names, each family's packages of the last comparison."""
    stored = compare.load()
    for family in compare.FAMILIES:
        if options.family in (None, family.name):
            before = stored.get(family.name, {})
            labels = before.get("packages", ())
            wanted = [
                package
                for package in (chosen(options.packages) if options.packages else packages())
                if options.packages or package.label in labels
            ]
            compared = [_compared(family, package) for package in wanted]
            reasons = compare.reasons(before)
            stored[family.name] = compare.summary(
                family, compared, [package.label for package in wanted], reasons
            )
    compare.STORED.write_text(json.dumps(stored, indent=1, ensure_ascii=False) + "\n", "utf-8")
    for site in (site for each in stored.values() for site in each["listed"]):
        if site["why"] == compare.UNREAD:
            print(f"{site['tool']}  {site['package']}:{site['path']}:{site['line']}")
            print(f"    {site['source']}")


def _compared(family: peers.Family, package: Package) -> compare.Compared:
    findings = run.load(package.result).findings
    files = sorted({finding["path"] for finding in findings if finding["code"] in family.codes})
    sites = [*peers.sites(package, family), *family.remark(package, files)]
    return compare.compare(family, package, findings, sites)


def _accuracy(options: argparse.Namespace) -> None:
    if options.refresh:
        results = [(p, run.load(p.result)) for p in packages() if p.result.is_file()]
        verdicts.keep(verdicts.mark(verdicts.recorded(), _reports(results)))
        runs = accuracy.newest(
            accuracy.load_runs(), accuracy.stored_runs((result, p.fresh) for p, result in results)
        )
        accuracy.RUNS.write_text(json.dumps(runs, indent=1, sort_keys=True) + "\n", "utf-8")
    accuracy.PAGE.write_text(accuracy.current(), encoding="utf-8")


def _reports(results: Sequence[tuple[Package, run.Result]]) -> dict[str, set[verdicts.Place]]:
    return {
        package.name: {verdicts.place_of(package.name, finding) for finding in result.findings}
        for package, result in results
    }
