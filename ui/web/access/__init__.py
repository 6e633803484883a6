"""ui/web/access."""
