"""The commands of run.py and their options."""

import argparse
import os
import sys

from . import environment
from .speaking import plain_errors

sys.path.append(str(environment.ROOT / "src"))
from regio.shared.dutch_options import speak_dutch  # needs nothing installed

PASS_ON = ("test", "bench", "regio")


def main(arguments: list[str]) -> int:
    """Run one command; return its exit code. What follows `test`, `bench` and `regio` is passed on untouched."""
    speak_dutch()
    parser = _parser()
    if arguments[:1] and arguments[0] in PASS_ON:
        options, rest = parser.parse_args(arguments[:1]), arguments[1:]
    else:
        options, rest = parser.parse_args(arguments), []
    os.environ.setdefault("NUMBA_CACHE_DIR", str(environment.home() / "numba"))  # compiled once, for all processes
    with plain_errors():
        return int(options.run(options, rest))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python3 run.py", description="De opdrachten van dit programma.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="opdracht")
    for name, run, text in (
        ("demo", _demo, "zet alles klaar en toont Regio Voorbeeld in de browser"),
        ("serve", _serve, "toont wat u met 'regio import' hebt ingelezen"),
    ):
        command = commands.add_parser(name, help=text)
        command.add_argument("--port", type=int, default=8000, help="poort op deze computer (standaard 8000)")
        command.add_argument("--no-browser", action="store_true", help="open geen browser")
        command.set_defaults(run=run)
    for name, run, text in (
        ("test", _test, "zet alles klaar en controleert alles; met argumenten alleen pytest, op SQLite"),
        ("bench", _bench, "meet: bench setup, bench NAAM …"),
        ("regio", _regio, "de opdrachten van het product zelf, bijvoorbeeld: regio status"),
    ):
        commands.add_parser(name, help=text, add_help=False).set_defaults(run=run)
    return parser


def _demo(options: argparse.Namespace, rest: list[str]) -> int:
    from . import serving

    site = serving.demo_site(environment.home() / "voorbeeld")
    return serving.run(site, port=options.port, with_browser=not options.no_browser)


def _serve(options: argparse.Namespace, rest: list[str]) -> int:
    from . import serving

    site = serving.own_site(environment.home())
    return serving.run(site, port=options.port, with_browser=not options.no_browser)


def _test(options: argparse.Namespace, rest: list[str]) -> int:
    from . import checks

    return checks.run(rest)


def _bench(options: argparse.Namespace, rest: list[str]) -> int:
    from . import bench

    return bench.run(rest)


def _regio(options: argparse.Namespace, rest: list[str]) -> int:
    environment.ensure("app")
    sys.stdout.flush()
    os.execv(environment.PYTHON, [str(environment.PYTHON), "-m", "regio", *rest])
