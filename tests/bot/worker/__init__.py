"""The worker, proved over real sockets and a real database."""
