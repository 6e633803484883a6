"""The headers of every reply: what a browser may do with it, which is little."""

from starlette.datastructures import MutableHeaders

from ui.web.framing import Framing

# Nothing inline, nothing evaluated, nothing from elsewhere; and no string becomes HTML (trusted types), so that a
# slip in the page's own code is stopped too.
_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "require-trusted-types-for 'script'",
        "trusted-types 'none'",
    )
)
_ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=(), clipboard-write=(self)",
}
_NEVER = ("server", "x-powered-by", "x-frame-options")


def secure(headers: MutableHeaders, *, path: str, framing: Framing) -> None:
    """Put what must be there, take away what must not."""
    for name in [name for name in headers if name in _NEVER or name.startswith("access-control-")]:
        del headers[name]
    for name, value in _ALWAYS.items():
        headers[name] = value
    headers["Content-Security-Policy"] = f"{_POLICY}; {framing.directive}"
    if framing.frame_options:
        headers["X-Frame-Options"] = framing.frame_options
    # The page's own files are asked for again each time and answered with "not modified"; nothing else is kept.
    headers["Cache-Control"] = "no-cache" if path.startswith("/static/") else "no-store"
