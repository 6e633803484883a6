"""The headers of every reply: what a browser may do with it, which is little."""

from starlette.datastructures import MutableHeaders

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
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
        "trusted-types 'none'",
    )
)
_ALWAYS = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=(), clipboard-write=(self)",
}
_NEVER = ("server", "x-powered-by")


def secure(headers: MutableHeaders, *, path: str) -> None:
    """Put what must be there, take away what must not."""
    for name in [name for name in headers if name in _NEVER or name.startswith("access-control-")]:
        del headers[name]
    for name, value in _ALWAYS.items():
        headers[name] = value
    # The page's own files are asked for again each time and answered with "not modified"; nothing else is kept.
    headers["Cache-Control"] = "no-cache" if path.startswith("/static/") else "no-store"
