"""Figures for Prometheus, in its text format. Labels are kinds and states, never anybody.

A registry is made for each scrape and filled from the database: the web server has many processes and the
worker is another one, so a counter in the memory of one of them would tell a part of the truth.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from prometheus_client import CollectorRegistry
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.registry import Collector

CONTENT_TYPE = CONTENT_TYPE_LATEST


@dataclass(frozen=True)
class Figure:
    """One metric: `values` by the values of its `labels`, in their order; () where it has none."""

    name: str
    said: str
    labels: Sequence[str]
    values: Mapping[tuple[str, ...], float]


class _Filled(Collector):
    def __init__(self, figures: Sequence[Figure]) -> None:
        self._figures = figures

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """What the registry asks for."""
        for figure in self._figures:
            family = GaugeMetricFamily(f"sixfold_{figure.name}", figure.said, labels=figure.labels)
            for key in sorted(figure.values):
                family.add_metric(key, figure.values[key])
            yield family


def exposition(figures: Sequence[Figure]) -> bytes:
    """The answer to one scrape."""
    registry = CollectorRegistry()
    registry.register(_Filled(figures))
    return generate_latest(registry)
