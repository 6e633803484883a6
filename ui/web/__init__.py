"""The browser chat behind its page: who asks, what is kept, what is reachable."""
