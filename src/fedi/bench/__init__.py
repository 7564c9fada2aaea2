"""A generated world to measure a server by; nothing that serves people imports this package."""
