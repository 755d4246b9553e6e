"""The kinds of option; importing this package registers them all."""

from costmodel.options import cloud_gpu, on_prem, token_api

__all__ = ["cloud_gpu", "on_prem", "token_api"]
