"""The models that can be asked and trained: those the server was started with, and those it made."""

from __future__ import annotations

import re
import shutil
from typing import TYPE_CHECKING, Any, Final

import attrs

from ._errors import ApiError, model_not_found

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ._database import Database

NOT_IN_SUFFIX: Final = re.compile(r"[^a-z0-9-]+")


@attrs.frozen(kw_only=True)
class Model:
    """A model that can be asked.

    Attributes:
        name: The protocol's model id.
        base: The name of the model that training began from; `name` itself for a base model.
        source: A folder, or an id on the hub.
    """

    name: str
    base: str
    source: str
    created: int
    owner: str

    def view(self) -> dict[str, Any]:
        """Give the protocol's model object."""
        return {
            "id": self.name,
            "object": "model",
            "created": self.created,
            "owned_by": self.owner,
            "shutdown_date": None,
        }


class Catalogue:
    """Names of models and where they lie.

    Args:
        database: The server's memory.
        bases: Folder or hub id of each base model, by name.
        organization: Whose the fine-tuned models are.
        started: When the server started, in seconds since 1970.
    """

    def __init__(
        self, database: Database, bases: Mapping[str, str], *, organization: str, started: int
    ) -> None:
        self._database = database
        self._organization = organization
        self._bases = {
            name: Model(name=name, base=name, source=source, created=started, owner="system")
            for name, source in bases.items()
        }

    def find(self, name: str, param: str | None = "model") -> Model:
        """Give the model of a name.

        Raises:
            ApiError: 404 `model_not_found`.
        """
        if name in self._bases:
            return self._bases[name]
        row = self._database.row("SELECT * FROM models WHERE name = ?", (name,))
        if row is None:
            raise model_not_found(name, param)
        return self._tuned(row)

    def all(self) -> list[Model]:
        """Give all models, base models first."""
        rows = self._database.rows("SELECT * FROM models ORDER BY seq")
        return [*self._bases.values(), *(self._tuned(row) for row in rows)]

    def delete(self, name: str) -> dict[str, Any]:
        """Forget a fine-tuned model, and its weights where no other model has them.

        Raises:
            ApiError: 404; 403 for a base model.
        """
        if name in self._bases:
            raise ApiError(403, f"The model '{name}' is a base model and cannot be deleted.", param="model")
        model = self.find(name)
        with self._database.change() as connection:
            connection.execute("DELETE FROM models WHERE name = ?", (name,))
        if self._database.row("SELECT 1 FROM models WHERE folder = ?", (model.source,)) is None:
            shutil.rmtree(model.source, ignore_errors=True)
        return {"id": name, "object": "model", "deleted": True}

    def tuned_name(self, base: str, suffix: str | None, identifier: str) -> str:
        """Give the name of a model to be made, as `ft:<base>:<organisation>:<suffix>:<id>`."""
        cleaned = NOT_IN_SUFFIX.sub("-", (suffix or "").lower()).strip("-")
        return f"ft:{base}:{self._organization}:{cleaned}:{identifier}"

    def _tuned(self, row: Any) -> Model:  # noqa: ANN401  (a sqlite3.Row)
        return Model(
            name=row["name"],
            base=row["base"],
            source=row["folder"],
            created=row["created_at"],
            owner=self._organization,
        )
