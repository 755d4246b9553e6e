"""Formulas from the engine itself: it runs on arrays that record what is done to them (see `engine.record`)."""

from reports.recorder.arrays import Recorded, RecordingError
from reports.recorder.engine import COMMON, Named, Recording, record
from reports.recorder.graph import Graph, Node

__all__ = ["COMMON", "Graph", "Named", "Node", "Recorded", "Recording", "RecordingError", "record"]
