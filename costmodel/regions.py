"""Where a region lies, by its name: providers name the same place in many ways, and few begin with the country.

Sources: the regions that AWS, Azure, Google Cloud, Oracle and Nebius publish, as of November 2026; members of the EU
and the EEA as the European Union lists them. Part of the EU by its letters, eu-west-2 is London and lies outside.
"""

import re

NAMES = {  # country code -> its names, as providers and people write them
    "ae": "united arab emirates,uae", "at": "austria", "au": "australia", "be": "belgium", "bg": "bulgaria",
    "bh": "bahrain", "br": "brazil", "ca": "canada", "ch": "switzerland", "cl": "chile", "cn": "china", "cy": "cyprus",
    "cz": "czechia,czech republic", "de": "germany", "dk": "denmark", "ee": "estonia", "es": "spain",
    "fi": "finland,fin", "fr": "france", "gb": "united kingdom,uk,great britain,england", "gr": "greece",
    "hk": "hong kong", "hr": "croatia", "hu": "hungary", "id": "indonesia", "ie": "ireland", "il": "israel",
    "in": "india", "is": "iceland", "it": "italy", "jp": "japan", "kr": "korea,south korea", "li": "liechtenstein",
    "lt": "lithuania", "lu": "luxembourg", "lv": "latvia", "mt": "malta", "mx": "mexico", "my": "malaysia",
    "nl": "netherlands", "no": "norway", "nz": "new zealand", "pl": "poland", "pt": "portugal", "qa": "qatar",
    "ro": "romania", "rs": "serbia", "sa": "saudi arabia", "se": "sweden", "sg": "singapore", "si": "slovenia",
    "sk": "slovakia", "th": "thailand", "tw": "taiwan", "us": "united states,usa", "za": "south africa",
}  # fmt: skip
LOCATIONS = {  # country code -> regions and cities whose names do not say it
    "ae": "me-central-1 me-dubai-1 me-abudhabi-1",
    "au": "ap-southeast-2 ap-southeast-4 ap-sydney-1 ap-melbourne-1",
    "be": "europe-west1",
    "bh": "me-south-1",
    "br": "sa-east-1 southamerica-east1 sa-saopaulo-1 sa-vinhedo-1",
    "ca": "northamerica-northeast1 northamerica-northeast2 toronto montreal",
    "ch": "eu-central-2 europe-west6 zurich",
    "cl": "southamerica-west1 sa-santiago-1",
    "de": "eu-central-1 europe-west3 europe-west10 frankfurt berlin",
    "es": "eu-south-2 europe-southwest1 madrid",
    "fi": "europe-north1 eu-north1 helsinki",
    "fr": "eu-west-3 europe-west9 eu-west1 paris marseille",
    "gb": "eu-west-2 europe-west2 uksouth ukwest london",
    "hk": "ap-east-1 asia-east2 eastasia",
    "id": "ap-southeast-3 asia-southeast2",
    "ie": "eu-west-1 northeurope dublin",
    "il": "me-west1 il-central-1",
    "in": "ap-south-1 ap-south-2 asia-south1 asia-south2 centralindia southindia westindia ap-mumbai-1 ap-hyderabad-1",
    "it": "eu-south-1 europe-west8 europe-west12 milan turin",
    "jp": "ap-northeast-1 ap-northeast-3 asia-northeast1 asia-northeast2 tokyo osaka",
    "kr": "ap-northeast-2 asia-northeast3 seoul",
    "my": "ap-southeast-5",
    "mx": "northamerica-south1",
    "nl": "europe-west4 westeurope amsterdam",
    "nz": "ap-southeast-6",
    "pl": "europe-central2 warsaw",
    "qa": "me-central1",
    "rs": "eu-jovanovac-1",
    "sa": "me-central2 me-jeddah-1 me-riyadh-1",
    "se": "eu-north-1 europe-north2 stockholm",
    "sg": "ap-southeast-1 asia-southeast1 southeastasia",
    "th": "ap-southeast-7",
    "tw": "ap-east-2 asia-east1",
    "us": "eastus eastus2 westus westus2 westus3 centralus northcentralus southcentralus westcentralus "
    "usgovvirginia usgovarizona usgovtexas",
    "za": "af-south-1 africa-south1",
}
EU = frozenset((
    "at", "be", "bg", "cy", "cz", "de", "dk", "ee", "es", "fi", "fr", "gr", "hr", "hu", "ie", "it", "lt", "lu", "lv",
    "mt", "nl", "pl", "pt", "ro", "se", "si", "sk",
))  # fmt: skip
EEA = EU | {"is", "li", "no"}
AREAS = {"eu": EU, "european union": EU, "eea": EEA, "europe": EEA | {"ch", "gb", "rs"}}
CODE, SPOKEN = 2, {"us", "uk"}  # letters of a country code, and the names that are as short and stand in sentences
_WORD = re.compile(r"[a-z]+")
_BY_NAME = {name: code for code, names in NAMES.items() for name in (code, *names.split(","))}
_BY_LOCATION = {location: code for code, locations in LOCATIONS.items() for location in locations.split()}


def lies_in(region: str, home: str) -> bool:
    """Whether a region lies in the home: a country or an area by any of its names, or the beginning of regions' names.

    By where the region is, where its name tells that, else by the letters: plant-3 is in plant.
    """
    region, home = region.strip().lower(), home.strip().lower()
    wanted, found = _named(home), _countries(region)
    return found <= wanted if wanted and found else region.startswith(home)


def is_place(name: str) -> bool:
    """Whether a name is that of a country or an area that is known here."""
    return bool(_named(name.strip().lower()))


def _named(name: str) -> frozenset[str]:
    """Countries of what is itself the name of a country or an area; empty for anything else."""
    code = _BY_NAME.get(name)
    return frozenset({code}) if code else AREAS.get(name, frozenset())


def _countries(region: str) -> frozenset[str]:
    """Countries in which a region may lie by its name; empty where the name does not tell."""
    if whole := _named(region):
        return whole
    words = _WORD.findall(region)
    known = (
        next((code for location, code in _BY_LOCATION.items() if _begins(region.replace(" ", ""), location)), ""),
        *(_BY_LOCATION.get(word, "") for word in words),
        *(code for name, code in _BY_NAME.items() if len(name) > CODE and _says(region, name)),
        *(_BY_NAME.get(word, "") for word in words[: 0 if " " in region else 1]),
        *(_BY_NAME[word] for word in words if word in SPOKEN),
    )
    code = next(filter(None, known), "")
    return frozenset({code}) if code else next((AREAS[word] for word in words if word in AREAS), frozenset())


def _begins(region: str, location: str) -> bool:
    """Whether the region is the location or a zone of it: eu-west-1a is in eu-west-1, eu-west-12 is not."""
    return region.startswith(location) and not region[len(location) :][:1].isdigit()


def _says(region: str, name: str) -> bool:
    """Whether a region begins with a country's name or has it as a word of its own."""
    return region.startswith((name, name.replace(" ", ""))) or name in _WORD.findall(region)
