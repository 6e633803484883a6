"""ui/terminal."""
