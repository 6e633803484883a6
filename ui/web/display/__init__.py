"""ui/web/display."""
