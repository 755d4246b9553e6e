"""The yardstick of bench/engine.py: the cash of the default scenario's kinds of option, as written by hand for them.

No lines, no quantities, no checks, and nothing that the default scenario leaves switched off: what numpy takes for the
arithmetic alone. bench/engine.py refuses to compare unless both give the same costs.
"""

import numpy as np

from bench.bare_cohorts import additions, in_service, moved, renewed
from costmodel.people import ROLES
from costmodel.settings import MONTH_NAMES
from costmodel.units import HOURS_PER_MONTH, ROUNDING_TOLERANCE

CURVE_FLOOR, EXPLICIT, HALF, BEND = 1e-5, 3, 0.5, 24  # of the load curve, see costmodel/demand.py


class Shared:
    """What all options of a scenario share: requests, load curve, discounting and wages. Last axis: columns 0 to T."""

    def __init__(self, scenario):
        self.scenario = scenario
        workload, people, finance = scenario.workload, scenario.people, scenario.finance
        self.months = np.arange(finance.horizon_months + 1.0)
        self.since = np.maximum(self.months - 1, 0)
        season = [getattr(workload.season, f"{name}_ratio") for name in MONTH_NAMES]
        calendar = (workload.start_month - 2 + np.arange(self.months.size)) % 12
        months = [np.asarray(season[i], dtype=float) for i in calendar]
        seasons = np.concatenate([np.atleast_1d(m) for m in np.broadcast_arrays(*months)], axis=-1)
        asked = workload.requests_per_month * workload.environments_ratio
        self.requests = asked * (1 + workload.growth_per_year) ** (self.since / 12) * (seasons * (self.months > 0))
        self.discounts = (1 + finance.discount_rate_per_year) ** (-self.months / 12)
        self.wages = (1 + people.wage_growth_per_year) ** (self.since / 12)
        self.peak = workload.peak_to_mean_ratio * (1 - workload.batch_frac) + workload.batch_frac
        busy = workload.busy_hours_frac + workload.batch_frac * (1 - workload.busy_hours_frac)
        self.busy = np.maximum(busy, 1 / self.peak)
        variation = workload.load_variation_ratio * (1 - workload.batch_frac)
        square = np.clip((1 + variation**2) * self.busy, 1, np.maximum(self.peak * self.busy, 1))
        self.height = square + np.sqrt(square**2 - square)
        self.exponent = 1 / np.maximum(self.height - 1, CURVE_FLOOR)
        self.above_peak = self.curve_above(self.peak)
        self.hours = np.minimum(self.busy / (1 - self.above_peak), 1)

    def curve_above(self, capacity):
        """Share of the load curve's tokens above a capacity in units of the mean load."""
        filled = np.minimum(capacity * self.busy / self.height, 1)
        below = filled**self.exponent
        return np.maximum(1 - below * filled - self.height * filled * (1 - below), 0)

    def overheads(self, option, servers=0):
        """People, governance and one-time cash by column; posts are filled from outside or inside, and ramped up."""
        people, staff, governance, launch = self.scenario.people, option.staff, option.governance, option.launch
        runs, inside, loading = self.months >= 1, people.trained_inside_frac, people.loading_ratio
        unproductive = loading * people.ramp_up_months / 12 * (1 - people.ramp_up_productivity_frac)
        pay = {role: getattr(people, f"{role}_usd_per_year") for role in ROLES}
        per_filling = people.recruiting_frac * (1 - inside) + unproductive
        filling = {role: pay[role] * per_filling + inside * people.training_usd_per_fte for role in ROLES}
        monthly = {role: (pay[role] * loading + filling[role] * people.attrition_per_year) / 12 for role in ROLES}

        covered = getattr(people, f"{people.service_hours}_fte") / people.office_hours_fte
        covered = {"infrastructure_engineer": covered * (people.sites if option.kind == "on_prem" else 1)}

        def team(usd):
            fixed = sum(getattr(staff, f"{role}_fte") * covered.get(role, 1) * usd[role] for role in ROLES)
            return runs * fixed + servers * (
                staff.infrastructure_engineer_fte_per_server * usd["infrastructure_engineer"]
            )

        yearly = sum(getattr(governance, f"{name}_usd_per_year") for name in ("audit", "controls", "data_protection"))
        once = governance.assessment_usd + launch.migration_usd + launch.parallel_running_usd
        paid = team(monthly) + additions(team(filling)) + runs * (yearly / 12)
        return self.wages * paid + (self.months == 0) * once


def net_present_costs(scenario):
    """Slug -> net present cost, USD, of every option; shapes as the scenario is varied."""
    shared = Shared(scenario)
    kinds = {"token_api": _token_api, "cloud_gpu": _cloud_gpu, "on_prem": _on_prem}
    cash = {slug: kinds[option.kind](shared, option) for slug, option in scenario.options.items()}
    return {slug: (each * shared.discounts).sum(axis=-1) for slug, each in cash.items()}


def _up(amount):
    return np.ceil(amount * (1 - ROUNDING_TOLERANCE))


def _bands(amount, tops, rates):
    if not any(np.any(rate) for rate in rates):
        return 0.0
    total, low = 0, 0
    for top, rate in zip((*tops, np.inf), rates, strict=True):
        total, low = total + rate * np.clip(amount - low, 0, np.maximum(top - low, 0)), np.maximum(top, low)
    return total


def _transfer(shared, option, asked):
    terms, workload = option.transfer, shared.scenario.workload
    answers = asked * (workload.output_tokens_per_request * option.token_ratio)
    tops = [getattr(terms, f"band_{i}_to_gb_per_month") for i in (1, 2, 3)]
    rates = [getattr(terms, f"band_{i}_usd_per_gb") for i in (1, 2, 3, 4)]
    cost = _bands(answers * (workload.transfer_bytes_per_token / 1e9), tops, rates)
    return cost * (1 + terms.price_change_per_year) ** (shared.since / 12)


def _tokens_each(shared, option):
    workload = shared.scenario.workload
    out = workload.output_tokens_per_request / (1 - option.reasoning_frac) + workload.reasoning_tokens_per_request
    return workload.input_tokens_per_request * option.token_ratio, out * option.token_ratio


def _usage_of_api(shared, option, last):
    workload, (tokens_in, tokens_out) = shared.scenario.workload, _tokens_each(shared, option)
    common = tokens_in * (workload.cached_input_frac + workload.cache_write_frac)
    cached = common >= option.cache.least_tokens * workload.cached_requests_frac
    read = cached * workload.cached_input_frac
    written = cached * np.minimum(workload.cache_write_frac, 1 - read)

    def at_length(name):
        price = getattr(option.prices, name)
        for longer in (option.long_prices, option.longest_prices):
            price = np.where(tokens_in > longer.above_tokens, getattr(longer, name), price)
        return price

    def price(name, batch):
        return at_length(f"{name}_usd_per_mtok") * (1 - workload.batch_frac * at_length(f"batch_{batch}_discount_frac"))

    each = (1 - read - written) * price("input", "input") + read * price("cache_read", "cache_read")
    each = tokens_in * (each + written * price("cache_write", "input")) + tokens_out * price("output", "output")
    discounts = (1 - option.discount_frac) * (1 + option.region_surcharge_frac)
    falling = (1 - option.price_decline_per_year) ** (shared.since / 12)
    asked, committed = shared.requests * option.attempts_ratio, option.commitment
    running = (shared.months >= 1) & (shared.months < 1 + committed.term_months)
    by_token = asked * (falling * (1 - running * committed.discount_frac)) * (each * discounts / 1e6)
    if np.any(option.provisioned.units):
        by_token = _provisioned(shared, option, asked, by_token)
    kept = option.cache.kept_tokens * option.cache.storage_usd_per_mtok_hour * (HOURS_PER_MONTH / 1e6)
    spent = by_token + (shared.months >= 1) * falling * kept
    return spent + _shortfall(shared, committed, spent, last) + _transfer(shared, option, asked)


def _shortfall(shared, committed, spent, last):
    """What each year of a commitment lacks, at its end; a last year that is cut short counts by its months."""
    short, last = 0.0, min(committed.term_months, last)
    for start in range(1, last + 1, 12):
        end = min(start + 11, last)
        of_year = spent[..., start : end + 1].sum(axis=-1, keepdims=True)
        short = short + (shared.months == end) * np.maximum(
            committed.usd_per_year * (end - start + 1) / 12 - of_year, 0
        )
    return short


def _provisioned(shared, option, asked, by_token):
    """Cash with reserved units: they carry the load up to their capacity, `by_token` is paid for what rises above."""
    terms, finance, (tokens_in, tokens_out) = option.provisioned, shared.scenario.finance, _tokens_each(shared, option)
    weighted = tokens_in * (1 - shared.scenario.workload.cached_input_frac) + tokens_out * terms.output_weight_ratio
    load = asked * (weighted / (finance.hours_per_month * 3600))
    units = _sold(terms)
    carried = units * terms.tok_per_s_per_unit / np.where(load > 0, load, 1)
    beyond = np.maximum(shared.curve_above(carried) - shared.above_peak, 0) / (1 - shared.above_peak)
    signed_at = shared.since - shared.since % terms.term_months
    price = terms.usd_per_unit_hour * (1 - option.price_decline_per_year) ** (signed_at / 12)
    reserved = (shared.months >= 1) * price * (units * HOURS_PER_MONTH)
    return by_token * beyond + reserved


def _sold(terms):
    steps = _up(np.maximum(terms.units - terms.least_units, 0) / terms.step_units)
    return (terms.units > 0) * (terms.least_units + steps * terms.step_units)


def _token_api(shared, option):
    support = (shared.months >= 1) * option.support_usd_per_month
    return _usage_of_api(shared, option, shared.months.size - 1) + shared.overheads(option) + support


def _replica(serving, tokens_in, cached, tokens_out, limit_ms):
    """Output tokens a second of a mixture of experts with windowed layers on one GPU, within memory and limit."""
    bandwidth, gflops = serving.gpu_bandwidth_gb_per_s, serving.gpu_tflops * 1e3
    kept, active = 1 - serving.pruned_frac, serving.active_params_b * (1 - serving.pruned_frac)
    weights = (serving.total_params_b - serving.wide_params_b) * kept * serving.weight_bytes_per_parameter
    weights = weights + serving.wide_params_b * 2
    elsewhere = 1 - serving.experts_per_token / serving.experts
    routed = (serving.total_params_b - serving.active_params_b) / elsewhere / serving.total_params_b
    routed = weights * np.minimum(routed, 1)
    spare, fixed = serving.experts / serving.experts_per_token - 1, serving.step_overhead_ms / 1e3
    loading, shared = bandwidth * serving.bandwidth_utilization_frac, weights - routed
    at = tokens_in + tokens_out / 2
    read = serving.kv_bytes_per_token * at + serving.window_kv_bytes_per_token * np.minimum(at, serving.window_tokens)
    each = read / 1e9 / (bandwidth * serving.cache_bandwidth_utilization_frac) + serving.sequence_overhead_us / 1e6
    compute = 2 * active / (gflops * serving.compute_utilization_frac)
    attended = 4 * serving.full_attention_layers * serving.hidden_size * (tokens_in * (1 + cached) / 2) / 1e9
    prompt = (2 * active + attended) / (gflops * serving.prefill_utilization_frac)
    prompt = prompt * tokens_in * (1 - cached) / tokens_out

    def step(batch):
        touched = shared + routed * batch / (batch + spare)
        return fixed + np.maximum(touched / loading, batch * compute) + batch * each

    budget = np.maximum(limit_ms / 1e3, 1.25 * step(1)) + prompt - fixed
    slope, rest = each + prompt, budget - shared / loading
    half = (rest - routed / loading - slope * spare) / 2
    batch = np.minimum(budget / (slope + compute), (half + (half**2 + slope * rest * spare) ** 0.5) / slope)
    kept = tokens_in + tokens_out
    kept = serving.kv_bytes_per_token * kept + serving.window_kv_bytes_per_token * np.minimum(
        kept, serving.window_kept_tokens
    )
    room = serving.usable_memory_frac * serving.gpu_memory_gb - serving.memory_reserve_gb - weights
    batch = np.maximum(np.minimum(batch, room / (kept / 1e9)), 1)
    return batch / (step(batch) + batch * prompt)


def _load(shared, option):
    """(mean output tokens per second by column, those of one replica at full batch)."""
    serving, workload, (tokens_in, tokens_out) = option.serving, shared.scenario.workload, _tokens_each(shared, option)
    mean = shared.requests * (option.attempts_ratio * tokens_out / (shared.scenario.finance.hours_per_month * 3600))
    limit, cached = workload.time_per_token_limit_ms, workload.cached_input_frac
    return mean, serving.throughput_ratio * _replica(serving, tokens_in, cached, tokens_out, limit)


def _servers_for_peak(shared, option, mean, rate):
    serving = option.serving
    needed = _up(mean * (shared.peak / (rate * serving.utilization_ceiling_frac)))
    needed += _up(serving.spare_replicas) * (needed > 0)
    servers = _up(needed * (serving.gpus_per_replica / option.gpus_per_server))
    return np.maximum(servers, option.minimum_servers * (servers > 0))


def _servers_running(shared, option, mean, rate):
    serving, exponent = option.serving, shared.exponent
    per_replica = serving.gpus_per_replica / option.gpus_per_server
    at_once = max(per_replica, 1)
    replicas = at_once / per_replica
    spare = _up(serving.spare_replicas) / replicas
    unit = rate * serving.utilization_ceiling_frac * replicas / np.where(mean > 0, mean, 1)
    top = shared.height / shared.busy
    units, step = _up(np.minimum(shared.peak, top) / unit + spare), unit / top
    always = np.maximum(option.minimum_servers / at_once, _up(spare))
    fixed = np.minimum(always, units)
    first = fixed + EXPLICIT
    last = np.maximum(units - EXPLICIT, first)

    def idle(unit):
        return np.clip((unit - spare) * step, 0, 1) ** exponent

    hours = 0
    for extra in range(EXPLICIT):
        hours = hours + (fixed + extra < units) * (1 - idle(fixed + extra))
        hours = hours + (units - 1 - extra >= first) * (1 - idle(np.maximum(units - 1 - extra, first)))
    start, end = (np.minimum((unit - spare - HALF) * step, 1) for unit in (first, last))
    start_power, end_power = start**exponent, end**exponent
    area = (end_power * end - start_power * start) / ((exponent + 1) * step)
    bend = exponent * step / BEND * (end_power / end - start_power / start)
    hours = hours + (last > first) * (last - first - area + bend)
    return (always + hours * shared.hours) * (at_once * (mean > 0))


def _cloud_gpu(shared, option):
    finance, (mean, rate) = shared.scenario.finance, _load(shared, option)
    gpu_hours = option.gpus_per_server * finance.hours_per_month
    falling = 1 - option.price_decline_per_year
    credit = 0
    if option.billing == "reserved":
        needed = _servers_for_peak(shared, option, mean, rate)
        servers = np.maximum.accumulate(needed, axis=-1)
        signed = renewed(additions(moved(needed, -1)), option.term_months)
        hours = option.gpus_per_server * HOURS_PER_MONTH
        value = signed * (hours * option.reserved_usd_per_gpu_hour * falling ** (shared.months / 12))
        bill = in_service(value, 1, option.term_months)
        if np.any(option.upfront_frac):
            bill = bill * (1 - option.upfront_frac) + value * (option.upfront_frac * option.term_months)
            left = np.maximum(shared.months + option.term_months - finance.horizon_months, 0)
            unused = (value * left).sum(axis=-1)[..., np.newaxis] * option.upfront_frac
            credit = (shared.months == finance.horizon_months) * unused
    elif option.billing == "autoscaled":
        servers = _servers_running(shared, option, mean, rate)
        spot = option.spot_frac * (1 + option.spot_overhead_frac) * option.spot_usd_per_gpu_hour
        price = (1 - option.spot_frac) * option.on_demand_usd_per_gpu_hour + spot
        bill = servers * (falling ** (shared.since / 12) * (gpu_hours * price))
    else:
        raise NotImplementedError(f"the yardstick does not know {option.label}: {option.billing}")
    bill = bill + (shared.months >= 1) * (option.storage_gb * option.storage_usd_per_gb_month)
    bill = bill + _transfer(shared, option, shared.requests * option.attempts_ratio)
    plan = option.support
    tops = [getattr(plan, f"band_{i}_to_usd_per_month") for i in (1, 2, 3)]
    fee = _bands(bill, tops, [getattr(plan, f"band_{i}_frac") for i in (1, 2, 3, 4)])
    fee = np.maximum(fee, plan.minimum_usd_per_month) * (shared.months >= 1)
    return bill + fee + shared.overheads(option, servers) - credit


def _on_prem(shared, option):
    if option.acquisition != "buy":
        raise NotImplementedError("the yardstick only buys servers")
    scenario, months, lead, life = shared.scenario, shared.months, option.lead_time_months, option.refresh_months
    horizon = scenario.finance.horizon_months
    mean, rate = _load(shared, option)
    mean = mean * (months > lead)
    started = renewed(additions(_servers_for_peak(shared, option, mean, rate)), life)
    servers = in_service(started, 0, life - 1)

    ordered = moved(started, -1 - lead)
    value = ordered * (option.server_price_usd * (1 + option.server_price_change_per_year) ** (months / 12))
    wages = (1 + scenario.people.wage_growth_per_year) ** (months / 12)
    installed = ordered * (option.installation_usd_per_server * wages)
    value_started, warranty = moved(value, 1 + lead), min(option.warranty_months, life)
    upkeep = option.maintenance_frac_per_year / 12
    upkeep = upkeep * (1 + option.maintenance_price_change_per_year) ** (shared.since / 12)
    maintained = in_service(value_started, warranty, life - 1) * upkeep
    used = horizon - months + 1
    kept = (value_started * ((used <= life) * (1 - option.resale_loss_per_year) ** (used / 12))).sum(axis=-1)
    at_end = (months == horizon) * (servers[..., -1:] * option.decommissioning_usd_per_server - kept[..., np.newaxis])
    cash = value * (1 + option.network_and_storage_frac) + installed + maintained + at_end
    if life <= horizon:
        resold = moved(value_started, life) * (1 - option.resale_loss_per_year) ** (life / 12)
        cash = cash + moved(started, life) * option.decommissioning_usd_per_server - resold

    power, finance = option.power, scenario.finance
    able = rate * (option.gpus_per_server / option.serving.gpus_per_replica)
    # kW = servers * kW idle + work / work of one server * kW more at full load
    draw = servers * power.server_idle_kw + mean * ((power.server_max_kw - power.server_idle_kw) / able)
    tariff = scenario.energy.electricity_usd_per_kwh + option.cooling_usd_per_kwh / power.pue_ratio
    tariffs = (1 + scenario.energy.electricity_price_change_per_year) ** (shared.since / 12)
    space = power.server_max_kw / option.colocation_load_factor_frac * option.colocation_usd_per_kw_month
    space = space + option.colocation_usd_per_server_month
    space = space * (1 + option.colocation_price_change_per_year) ** (shared.since / 12)
    licences = option.gpus_per_server * option.licence_usd_per_gpu_year / 12
    licences = licences * (1 + option.licence_price_change_per_year) ** (shared.since / 12)
    cash = cash + draw * (tariffs * (power.pue_ratio * finance.hours_per_month * tariff)) + servers * (space + licences)
    if option.bridge_option:
        bridge = _usage_of_api(shared, scenario.options[option.bridge_option], lead)
        cash = cash + bridge * (months <= lead)
    return cash + shared.overheads(option, servers)
