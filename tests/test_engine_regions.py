"""Regions by where they are: names of many providers against the country that each of them publishes."""

import pytest

from costmodel.regions import lies_in
from pricing.facts import GpuInstance, rows

IN_THE_EU = (
    "europe-west4", "eu-central-1", "eu-west-1a", "westeurope", "West Europe", "Germany West Central", "swedencentral",
    "eu-frankfurt-1", "FIN-03", "eu-north1", "Frankfurt, Germany", "de-fra", "EU", "anywhere in the EU", "Ireland",
)  # fmt: skip
OUTSIDE = (
    "EU-West-2", "eu-west-2b", "europe-west2", "europe-west6", "eu-central-2", "eu-zurich-1", "uksouth",
    "norwayeast", "us-east-1", "eastus2", "all US regions", "CANADA-1", "asia-northeast1", "me-central-1", "global",
    "all regions", "any region", "europe", "in our own rooms", "no region",
)  # fmt: skip


@pytest.mark.parametrize("region", IN_THE_EU)
def test_a_region_lies_in_the_union_whatever_its_name_begins_with(region):
    assert lies_in(region, "eu")
    assert lies_in(region, "Europe")


@pytest.mark.parametrize("region", OUTSIDE)
def test_a_region_elsewhere_or_nowhere_does_not(region):
    assert not lies_in(region, "eu")


@pytest.mark.parametrize(
    ("region", "home"),
    [
        ("eu-central-1", "Germany"),
        ("germanywestcentral", "de"),
        ("europe-west3-b", "Germany"),
        ("us-east-1", "us"),
        ("eastus", "United States"),
        ("us-gov-west-1", "USA"),
        ("uksouth", "UK"),
        ("australiaeast", "Australia"),
        ("New Zealand North", "nz"),
        ("southafricanorth", "South Africa"),
        ("us-east-1", "us-east"),
        ("plant 3", "plant"),
    ],
)
def test_a_home_is_a_country_an_area_or_the_beginning_of_names(region, home):
    assert lies_in(region, home)


@pytest.mark.parametrize(
    ("region", "home"),
    [("us-west-2", "us-east"), ("eu-central-1", "France"), ("europe-west1", "Germany"), ("europe-west12", "be")],
)
def test_a_narrower_home_leaves_its_neighbours_out(region, home):
    assert not lies_in(region, home)


def test_every_region_of_the_catalogue_has_a_country_unless_it_is_everywhere():
    regions, everywhere = {row.region for row in rows(GpuInstance)}, {"all regions", "all 17 regions", "any region"}
    areas = ("us", "europe", "canada", "japan", "india", "indonesia", "singapore", "australia", "korea", "uae")
    assert {region for region in regions if not any(lies_in(region, area) for area in areas)} == everywhere
