"""The run of an import: find files, recognise, read, check against the last load, load; one transaction per file.

A file that is refused leaves nothing behind and does not stop the others.
"""

from __future__ import annotations

import logging
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from django.db import DatabaseError, transaction
from django.utils import timezone

from regio.shared.models import ImportBatch, ImportFinding
from regio.shared.scanning import FileUnsafe, require_safe

from .checks import against_last_load, dataset_of, supersede
from .contract import Content, FileRefused, Reader, RowFinding
from .opening import Source
from .registry import finishers, readers

LOADED, TRIED, UNCHANGED, REFUSED, HELD, UNKNOWN, FAILED = (
    "geladen", "proef", "ongewijzigd", "geweigerd", "wacht_op_akkoord", "niet_herkend", "mislukt",
)  # fmt: skip
LOG = logging.getLogger(__name__)
DATA_SUFFIXES = {".csv", ".txt", ".gz", ".zip", ".xlsx", ".json", ".geojson"}
SKIPPED_SUFFIXES = {".md", ".txt~", ".pdf", ".part"}


@dataclass
class FileResult:
    """What happened to one file."""

    path: Path
    outcome: str
    dataset: str = ""
    label: str = ""
    message: str = ""
    rows_read: int = 0
    rows_refused: int = 0
    totals: dict[str, float] = field(default_factory=dict)
    findings: list[RowFinding] = field(default_factory=list)


@dataclass(frozen=True)
class Options:
    """How to import: only try, accept big differences, and a reference date for files that carry none."""

    dry_run: bool = False
    accept: bool = False
    on: date | None = None


def import_paths(
    paths: Iterable[Path], *, options: Options, progress: Callable[[str], None] = lambda _text: None,
    own_readers: Sequence[Reader] | None = None,
) -> list[FileResult]:  # fmt: skip
    """Import files and folders (recursive) and return one result per file, in the order of loading.

    Args:
        paths: files and folders.
        options: how.
        progress: called with a text per file.
        own_readers: readers of one board's own files; None takes those of all public files.
    """
    results: list[FileResult] = []
    among = readers() if own_readers is None else own_readers
    files = files_of(paths)
    if own_readers is not None:  # somebody brought these; the others come from a publisher
        files = _safe(files, results)
    known = sorted(_recognised(files, options, results, among), key=_order)
    try:
        for number, (source, reader) in enumerate(known, start=1):
            progress(f"{number}/{len(known)} {reader.label}: {source.name}")
            results.append(_import_one(source, reader, options))
    finally:  # who stops half-way keeps the files before, and what they need of each other
        if own_readers is None:
            _finish(results)
    return results


def _finish(results: Sequence[FileResult]) -> None:
    if {LOADED, UNCHANGED} & {result.outcome for result in results}:  # unchanged: a break may have come before this
        for finish in finishers():
            with transaction.atomic():
                finish()


def files_of(paths: Iterable[Path]) -> Iterator[Path]:
    """Return the files of the paths, folders opened, in name order, hidden files left out."""
    for path in paths:
        inside = sorted(path.rglob("*")) if path.is_dir() else [path]
        yield from (
            file for file in inside
            if file.is_file() and not file.name.startswith(".") and file.suffix.lower() not in SKIPPED_SUFFIXES
        )  # fmt: skip


def _safe(files: Iterable[Path], results: list[FileResult]) -> Iterator[Path]:
    """Pass on the files that may be read; nothing opens the others."""
    for path in files:
        try:
            require_safe(path)
        except FileUnsafe as unsafe:
            results.append(_refused(path, FileRefused("R-127", detail=str(unsafe))))
        except (OSError, zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError):
            results.append(_refused(path, FileRefused("R-127", detail="het is niet te openen om het te controleren")))
        else:
            yield path


def _recognised(
    files: Iterable[Path], options: Options, results: list[FileResult], known: Sequence[Reader]
) -> Iterator[tuple[Source, Reader]]:
    for path in files:
        source = Source(path, on=options.on)
        try:
            reader = next((reader for reader in known if reader.recognises(source)), None)
            if reader:
                source.forget()
                yield source, reader
                continue
            results.append(_not_recognised(source, known))
        except FileRefused as refusal:
            if refusal.finding.code == "R-102" and path.suffix.lower() not in DATA_SUFFIXES:
                results.append(FileResult(path=path, outcome=UNKNOWN, message="Dit is geen tekst, werkmap of JSON."))
            else:
                results.append(_refused(source, refusal))
        except OSError as error:
            results.append(FileResult(path=path, outcome=REFUSED, message=_os_message(error)))
        except Exception as error:  # whatever is wrong inside it, a broken file must not stop the others
            results.append(_refused(source, FileRefused("R-109", detail=type(error).__name__)))


def _order(item: tuple[Source, Reader]) -> tuple[int, str, int, str]:
    source, reader = item
    return reader.order, reader.id, source.year_in_name() or 0, source.name


def _not_recognised(source: Source, known: Sequence[Reader]) -> FileResult:
    """Name the dataset that the file nearly is, with the columns that it lacks."""
    near = max(known, key=lambda reader: _likeness(reader, source), default=None)
    if near is None or _likeness(near, source) < 0.75:
        return FileResult(
            path=source.path, outcome=UNKNOWN, message="Geen van de bekende bestanden heeft deze kopregel."
        )
    missing = ", ".join(sorted(near.columns - source.header))
    return _refused(source, FileRefused("R-103", label=near.label, detail=missing))


def _likeness(reader: Reader, source: Source) -> float:
    if reader.kind != source.kind or not reader.columns - source.header:
        return 0.0
    return len(reader.columns & source.header) / len(reader.columns)


def _refused(source: Source | Path, refusal: FileRefused, reader: Reader | None = None) -> FileResult:
    return FileResult(
        path=source if isinstance(source, Path) else source.path, outcome=REFUSED, dataset=reader.id if reader else "", label=reader.label if reader else "",
        message=str(refusal), findings=[refusal.finding],
    )  # fmt: skip


def _os_message(error: OSError) -> str:
    return f"Het bestand is niet te openen ({error.strerror or error}). Controleer de plek en de rechten."


def _import_one(source: Source, reader: Reader, options: Options) -> FileResult:
    try:
        if _is_loaded(source, reader):
            return FileResult(
                path=source.path, outcome=UNCHANGED, dataset=reader.id, label=reader.label,
                message="Dit bestand is al geladen. Er is niets veranderd.",
            )  # fmt: skip
        if not options.accept and _was_replaced(source, reader):
            return FileResult(
                path=source.path, outcome=UNCHANGED, dataset=reader.id, label=reader.label,
                message="Dit bestand is later door een ander vervangen. Er is niets veranderd; met --accept laadt u het weer.",
            )  # fmt: skip
        content = reader.read(source)
        return _check_and_load(source, reader, content, options)
    except FileRefused as refusal:
        return _refused(source, refusal, reader)
    except Exception as error:  # one bad file must not stop the others; the transaction left nothing behind
        return FileResult(
            path=source.path, outcome=FAILED, dataset=reader.id, label=reader.label, message=_failure(error)
        )
    finally:
        source.forget()


def _failure(error: Exception) -> str:
    """Return the Dutch sentence for a failure; what nobody foresaw goes to the log with its trace."""
    text = str(error)
    if isinstance(error, MemoryError):
        return "Er is te weinig werkgeheugen voor dit bestand. Er is niets van geladen."
    if isinstance(error, OSError):
        return _os_message(error)
    if "locked" in text or "busy" in text:
        return "De database is bezig met een andere taak, bijvoorbeeld een andere import. Er is niets geladen; probeer het zo nog eens."
    if "full" in text or "disk I/O" in text or "No space" in text:
        return "De schijf is vol. Er is niets van dit bestand geladen. Maak ruimte en probeer het opnieuw."
    if isinstance(error, DatabaseError) and ("no such table" in text or "does not exist" in text):
        return "De database is nog niet ingericht. Start eerst: regio migrate."
    LOG.exception("import failed")
    return f"Dit bestand geeft een fout die wij niet kennen ({type(error).__name__}: {text[:150]}). Er is niets van geladen."


def _is_loaded(source: Source, reader: Reader) -> bool:
    live = ImportBatch.objects.filter(sha256=source.sha256, superseded_at=None)
    return live.filter(dataset__startswith=reader.id).exists()


def _was_replaced(source: Source, reader: Reader) -> bool:
    """Say whether another file took its place; a folder with both would else change them round at every import."""
    earlier = ImportBatch.objects.filter(sha256=source.sha256, superseded_at__isnull=False)
    return earlier.filter(dataset__startswith=reader.id).exists()


def _check_and_load(source: Source, reader: Reader, content: Content, options: Options) -> FileResult:
    if not content.rows_read or content.rows_refused == content.rows_read:
        raise FileRefused("R-101")
    result = FileResult(
        path=source.path, outcome=TRIED, dataset=dataset_of(reader, content), label=reader.label,
        rows_read=content.rows_read, rows_refused=content.rows_refused, totals=content.totals, findings=content.findings,
    )  # fmt: skip
    with transaction.atomic():
        doubts = [*against_last_load(reader, content), *(reader.doubts(content) if reader.doubts else ())]
        content.findings.extend(doubts)
        if any(doubt.severity == "let_op" for doubt in doubts) and not options.accept:
            result.outcome = HELD
            reasons = " ".join(doubt.message for doubt in doubts if doubt.severity == "let_op")
            result.message = f"Niet geladen. {reasons} Klopt dit, gebruik dan --accept."
            return result
        if options.dry_run:
            return result
        if _is_loaded(source, reader):  # another import was first
            result.outcome = UNCHANGED
            return result
        _load(source, reader, content)
    result.outcome = LOADED
    return result


def _load(source: Source, reader: Reader, content: Content) -> None:
    batch = ImportBatch.objects.create(
        dataset=dataset_of(reader, content), dataset_label=reader.label, file_name=source.name,
        sha256=source.sha256, size_bytes=source.size_bytes, publisher=reader.publisher, licence=reader.licence,
        reference_date=content.reference_date, reference_label=content.reference_label[:80],
        periods=content.periods, rows_read=content.rows_read, rows_refused=content.rows_refused,
        totals=content.totals, loaded_at=timezone.now(),
    )  # fmt: skip
    supersede(reader, content, batch)
    content.findings.extend(reader.load(content, batch) or ())
    ImportFinding.objects.bulk_create([_finding_row(batch, finding) for finding in content.findings])


def _finding_row(batch: ImportBatch, finding: RowFinding) -> ImportFinding:
    return ImportFinding(
        batch=batch, code=finding.code, severity=finding.severity, line=finding.line,
        column=finding.column[:80], value=finding.value[:120], message=finding.message[:300],
    )  # fmt: skip
