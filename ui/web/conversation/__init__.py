"""ui/web/conversation."""
