"""Tuning: a hosted price per training token, or GPU-hours from the FLOPs, rented or in one's own idle hours."""

from typing import Any

import numpy as np

from costmodel.arrays import Array, Value
from costmodel.demand import Task, serves_month
from costmodel.lines import CostLine, line
from costmodel.people import wage_index
from costmodel.quantity import quantity, remembered
from costmodel.sizing import average_utilization
from costmodel.units import (
    FLOP_PER_TRAINED_PARAMETER,
    GFLOP_PER_TFLOP,
    MONTHS_PER_YEAR,
    SECONDS_PER_HOUR,
    price_each,
)


@quantity("runs/month", "Tuning runs")
def tuning_runs(task: Task[Any]) -> Array:
    """Runs of each month that the option serves: a twelfth of a year's. Shape (T+1,).

    Assumes runs spread evenly; the first one comes before the start in truth, up to half a year earlier than here.
    """
    return serves_month(task) * (task.option.tuning.runs_per_year / MONTHS_PER_YEAR)


@quantity("GPU-h/month", "GPU-hours of tuning")
def tuning_gpu_hours(task: Task[Any]) -> Array:
    """6 x active parameters x tokens x epochs FLOPs of each run, over TFLOPS x utilisation. Shape (..., T+1).

    Adapters (LoRA) go forward and backward through all weights but update few: about two thirds of the compute.
    Assumes that loading, checkpoints and failed starts are within the utilisation; very short runs take longer.
    Source: Kaplan et al. 2020, Scaling laws for neural language models, section 2.1 (2 FLOPs forward, 4 backward).
    """
    tuning, serving = task.option.tuning, task.option.serving
    params_b = serving.active_params_b * (1 - serving.pruned_frac)
    tokens = tuning.training_tokens * tuning.epochs
    # GFLOP/run = FLOP/parameter * Gparameters * tokens/run
    work = FLOP_PER_TRAINED_PARAMETER * params_b * tokens * tuning.trained_compute_frac
    # GFLOP/GPU-h = TFLOPS * GFLOP/TFLOP * s/h
    rate = tuning.gpu_tflops * tuning.compute_utilization_frac * (GFLOP_PER_TFLOP * SECONDS_PER_HOUR)
    return tuning_runs(task) * (work / rate)


@remembered
def idle_gpu_hours(task: Task[Any]) -> Value:
    """GPU-hours a month that own servers have left to tune in at their mean utilisation; none unless they are to.

    Assumes that the load is packed onto as few GPUs as the ceiling on utilisation allows and that the rest is free in
    blocks long enough for a run; scattered idle time serves less, so the estimate is on the high side.
    """
    option, hours = task.option, task.scenario.finance.hours_per_month
    if option.tuning.method != "own_gpus":
        return 0
    servers = option.servers_kept(task)
    busy = average_utilization(task, servers) / option.serving.utilization_ceiling_frac
    # GPU-h/month = servers * GPUs/server * h/month
    return servers * (option.gpus_per_server * hours) * np.maximum(1 - busy, 0)


def tuning_kwh(task: Task[Any]) -> Value:
    """kWh a month that tuning in idle GPU-hours draws at the meter beyond what waiting servers draw anyway."""
    power = task.option.power
    if task.option.tuning.method != "own_gpus":
        return 0
    # kWh/month = GPU-h/month * kW/server / (GPUs/server)
    extra_kw_per_gpu = np.maximum(power.server_max_kw - power.server_idle_kw, 0) / task.option.gpus_per_server
    return np.minimum(tuning_gpu_hours(task), idle_gpu_hours(task)) * (extra_kw_per_gpu * power.pue_ratio)


@line("Tuning", "Tuning")
def tuning_usd(task: Task[Any]) -> Value:
    """Training: hosted, in rented GPUs, or in own ones with rented ones for what their idle hours do not take.

    Assumes flat prices of training and rented GPUs; where they fall, tuning comes out too dear. The electricity of own
    GPUs is in the line of electricity.
    """
    tuning = task.option.tuning
    if tuning.method == "hosted":
        # USD/run = tokens * epochs * USD/token
        per_run = tuning.training_tokens * tuning.epochs * price_each(tuning.hosted_usd_per_mtok)
        return tuning_runs(task) * per_run + serves_month(task) * tuning.hosting_usd_per_month
    if tuning.method == "rented_gpus":
        return tuning_gpu_hours(task) * tuning.rented_usd_per_gpu_hour
    # USD/month = GPU-h/month * USD/GPU-h
    return np.maximum(tuning_gpu_hours(task) - idle_gpu_hours(task), 0) * tuning.rented_usd_per_gpu_hour


@line("Tuning data and evaluation", "Tuning")
def tuning_data_usd(task: Task[Any]) -> Value:
    """The people's work around each run: data for it, and the evaluation of what comes out."""
    work = task.option.tuning.data_preparation_usd_per_run + task.option.tuning.evaluation_usd_per_run
    # USD/month = runs/month * USD/run
    return tuning_runs(task) * wage_index(task.scenario) * work


def tuning_lines(task: Task[Any]) -> tuple[CostLine, ...]:
    """Training and the people's work around it, where the model is tuned."""
    return () if task.option.tuning.method == "none" else (tuning_usd, tuning_data_usd)


def usage_price_ratio(task: Task[Any]) -> Value:
    """Token price of the model as it is used, relative to the plain one's: another one once it is tuned."""
    return 1 if task.option.tuning.method == "none" else task.option.tuning.usage_price_ratio
