"""A device that answers on the spot: what it costs, draws and does."""

from typing import Annotated

from costmodel.fields import Number, Record


class Device(Record):
    """One device of the fleet."""

    price_usd: Annotated[float, Number("USD", 0, 1e7, "Purchase price of one device, with what it needs to serve.")]
    price_change_per_year: Annotated[
        float, Number("per year", -0.9, 2, "Yearly change of the price of a device that does the same work.")
    ]
    provisioning_usd_per_device: Annotated[
        float, Number("USD/device", 0, 1e5, "Mounting, set-up and enrolment of one device.")
    ]
    management_usd_per_device_year: Annotated[
        float,
        Number("USD/device-year", 0, 1e5, "Management, connectivity, repair and monitoring of one device."),
    ]
    life_months: Annotated[
        int, Number("months", 6, 240, "Months in service after which a device is replaced.", whole=True)
    ]
    resale_loss_per_year: Annotated[
        float, Number("per year", 0, 0.99, "Yearly loss of the resale value of a device, selling costs included.")
    ]
    active_w: Annotated[float, Number("W", 0, 1e5, "Draw of one device while it generates.")]
    idle_w: Annotated[float, Number("W", 0, 1e5, "Draw of one device that waits.")]
    prefill_tok_per_s: Annotated[
        float, Number("tok/s", 0.01, 1e7, "Input tokens per second that one device reads with the model it serves.")
    ]
    output_tok_per_s: Annotated[
        float, Number("tok/s", 0.01, 1e6, "Output tokens per second of one device with the model it serves.")
    ]
