"""What planning is given and what it keeps per file while the plan is made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from app.domain.facts import Evaluator, MarkBlock, MarkEdit
from app.domain.findings import Finding
from app.domain.sheets import SheetIdentity
from app.services.imports.ages import Stamp
from app.services.imports.merge import ItemWords, Merge, StoredSheet
from app.services.imports.values import FileFate, ScannedFile


@dataclass(frozen=True, kw_only=True, slots=True)
class KnownScheme:
    """What planning needs of a scheme. current: first 16 hex of its fingerprint; rules: the same of every stored
    version → fingerprint of what its sheets ask; levels: item → names of its levels (empty for numbers); items: id → name."""

    name: str
    current: str
    rules: Mapping[str, str]
    levels: Mapping[str, tuple[str, ...]]
    items: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, kw_only=True, slots=True)
class ImportState:
    """What is stored, as far as an import can meet it. stored: by (scheme, evaluator). imported: SHA-256 of the files
    of standing batches → batch. own_unit: (scheme, evaluator) → the own unit, where the scheme foresees no marks for
    it. token: fingerprint of the stored state."""

    year: int
    year_file: str
    schemes: Mapping[str, KnownScheme]
    evaluators: Mapping[str, Evaluator]
    unit_names: Mapping[str, str] = field(default_factory=dict[str, str])
    stored: Mapping[tuple[str, str], StoredSheet] = field(default_factory=dict[tuple[str, str], StoredSheet])
    imported: Mapping[str, int] = field(default_factory=dict[str, int])
    own_unit: Mapping[tuple[str, str], str] = field(default_factory=dict[tuple[str, str], str])
    token: str = ""


@dataclass(kw_only=True, slots=True)
class Draft:
    """One file on its way through the plan. going: still meant to be imported; open: waits for an answer."""

    file: ScannedFile
    scheme: str = ""
    evaluator: str = ""
    fate: FileFate = "import"
    reason: str = ""
    going: bool = True
    open: bool = False
    merge: Merge | None = None
    recused: tuple[str, ...] = ()
    conflicts_to_file: bool = False
    keep_emptied: bool = True
    notes: list[Finding] = field(default_factory=list[Finding])
    block: MarkBlock | None = None
    edits: tuple[tuple[MarkEdit, int], ...] = ()

    @property
    def identity(self) -> SheetIdentity | None:
        """Whose sheet the file says it is."""
        return self.file.reading.identity

    @property
    def issue(self) -> int:
        """Which issue of the sheet it is."""
        return self.identity.issue if self.identity else 0

    @property
    def stamp(self) -> Stamp:
        """How old it is."""
        return Stamp(self.issue, self.file.reading.saved, self.file.modified)

    @property
    def key(self) -> tuple[str, str]:
        """Where its marks belong."""
        return self.scheme, self.evaluator

    def stop(self, fate: FileFate, reason: str) -> None:
        """This is what becomes of the file."""
        self.fate, self.reason, self.going, self.open = fate, reason, False, False


def words_of(draft: Draft, state: ImportState) -> tuple[ItemWords, ...]:
    """How the items of the file's sheet are shown, in the order of its columns; none for a refused file."""
    known, block = state.schemes[draft.scheme], draft.file.reading.block
    return tuple(ItemWords(known.items.get(i, i), known.levels.get(i, ())) for i in (block.items if block else ()))
