"""The headers of every reply: what a browser may do with it, which is little."""

from starlette.datastructures import MutableHeaders

from ui.web.framing import Framing

# No script but from files of this server, nothing evaluated, nothing from elsewhere. Gradio's components need styles
# inline, and fonts from here.
_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self' 'unsafe-inline'",
        "font-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
    )
)
_ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=(), clipboard-write=(self)",
}
_NEVER = ("server", "x-powered-by", "x-frame-options")


def secure(headers: MutableHeaders, *, path: str, status: int, framing: Framing) -> None:
    """Put what must be there, take away what must not."""
    for name in [name for name in headers if name in _NEVER or name.startswith("access-control-")]:
        del headers[name]
    for name, value in _ALWAYS.items():
        headers[name] = value
    headers["Content-Security-Policy"] = f"{_POLICY}; {framing.directive}"
    if framing.frame_options:
        headers["X-Frame-Options"] = framing.frame_options
    # Gradio's files have their version in their names. Ours are asked for again each time and answered with "not
    # modified"; nothing else is kept.
    kept = {"assets": "public, max-age=31536000, immutable", "static": "no-cache", "theme.css": "no-cache"}
    found = status in (200, 206, 304)
    headers["Cache-Control"] = kept.get(path.split("/")[1], "no-store") if found else "no-store"
