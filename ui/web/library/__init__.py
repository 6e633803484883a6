"""ui/web/library."""
