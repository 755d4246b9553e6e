"""The kinds of option; importing this package registers them all."""

from costmodel.options import cloud_gpu, edge, hybrid, multi_cloud, on_prem, seats, token_api

__all__ = ["cloud_gpu", "edge", "hybrid", "multi_cloud", "on_prem", "seats", "token_api"]
