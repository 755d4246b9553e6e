"""Scripts of components that a browser fetches by address, once: Streamlit sends a component's own with every run."""

from hashlib import sha256

URL = "/scripts/"
SCRIPTS: dict[str, str] = {}  # by the end of their address, which is a hash


def by_address(module: str) -> str:
    """A short module with the default export of this one. Where it cannot be fetched, the component does nothing."""
    name = f"{sha256(module.encode()).hexdigest()[:16]}.js"
    SCRIPTS[name] = module
    return f"""const {{ default: told }} = await import(new URL("{URL}{name}", location).href).catch(() => ({{}}))
export default told ?? (() => {{}})"""
