"""One base's weights for all its adapters: switched before each step, so that gigabytes are held once."""

from __future__ import annotations

import itertools
import json
import weakref
from pathlib import Path
from typing import TYPE_CHECKING, Any

import attrs

from mathtune.errors import DataError

from ._hub import reachable_source
from ._loading import load_model

if TYPE_CHECKING:
    from ._loading import LoadedModel, Network, Precision


class Bases:
    """The networks in memory, each as long as a model is on it. Not for several threads at once.

    Args:
        precision: What they compute in.
    """

    def __init__(self, precision: Precision = "auto") -> None:
        self._precision = precision
        self._bases: weakref.WeakValueDictionary[str, _Base] = weakref.WeakValueDictionary()

    def load(self, source: str) -> LoadedModel:
        """Load a model, on weights that are in memory already where there are such.

        Args:
            source: Folder with full weights or LoRA adapters, or a hub id.

        Raises:
            DataError: There is no model.
        """
        place = reachable_source(source)
        below = _base_of(Path(place))
        if below is None:
            return self._base(place).plain()
        return self._base(reachable_source(below)).adapted(place)

    def _base(self, place: str) -> _Base:
        base = self._bases.get(place)
        if base is None:
            base = self._bases[place] = _Base(load_model(place, precision=self._precision))
        return base


class _Base:
    """A network, and the adapters that lie on it."""

    def __init__(self, loaded: LoadedModel) -> None:
        self._loaded = loaded
        self._names = (f"adapter-{number}" for number in itertools.count())
        self._tuner: Any = None  # peft's view of the network, from the first adapter on
        self._active: str | None = None

    @property
    def network(self) -> Network:
        return self._loaded.model

    def plain(self) -> LoadedModel:
        """Give the model without adapters."""
        return attrs.evolve(self._loaded, model=_Network(self, None))

    def adapted(self, folder: str) -> LoadedModel:
        """Give the model with the adapters of a folder."""
        from peft import PeftModel

        name = next(self._names)
        try:
            if self._tuner is None:
                self._tuner = PeftModel.from_pretrained(self.network, folder, adapter_name=name)
            else:
                self._tuner.load_adapter(folder, adapter_name=name)
        except (OSError, ValueError, KeyError, RuntimeError) as error:
            raise DataError(f"cannot load the adapters: {error}", path=folder) from error
        self._tuner.eval()
        self._active = name if self._tuner.active_adapter == name else self._active
        network = _Network(self, name)
        weakref.finalize(network, self._remove, name)
        return attrs.evolve(self._loaded, model=network, adapted=True)

    def activate(self, name: str | None) -> None:
        """Have the network compute with these adapters, or with none."""
        if self._tuner is None or name == self._active:
            return
        if name is None:
            self._tuner.base_model.disable_adapter_layers()
        else:
            self._tuner.base_model.enable_adapter_layers()
            self._tuner.set_adapter(name)
        self._active = name

    def _remove(self, name: str) -> None:
        self.activate(None)
        self._tuner.delete_adapter(name)


class _Network:
    """A network as one of its models has it; what a writer asks of a network."""

    def __init__(self, base: _Base, name: str | None) -> None:
        self._base = base
        self._name = name

    def __call__(self, **given: Any) -> Any:  # noqa: ANN401  (what transformers' networks take and give)
        self._base.activate(self._name)
        return self._base.network(**given)

    @property
    def device(self) -> Any:  # noqa: ANN401  (a torch.device)
        return self._base.network.device

    @property
    def generation_config(self) -> Any:  # noqa: ANN401  (a value of transformers)
        return self._base.network.generation_config

    def get_input_embeddings(self) -> Any:  # noqa: ANN401  (a torch module)
        return self._base.network.get_input_embeddings()


def _base_of(folder: Path) -> str | None:
    """Give the base of a folder with adapters; None for whole weights."""
    config = folder / "adapter_config.json"
    if not config.is_file():
        return None
    try:
        return str(json.loads(config.read_text(encoding="utf-8"))["base_model_name_or_path"])
    except (ValueError, KeyError, TypeError) as error:
        raise DataError("expected the name of a base in the adapters' configuration", path=config) from error
