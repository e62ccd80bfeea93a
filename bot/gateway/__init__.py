"""The HTTP client of the video gateways: wire schemas, error classes, pace, choice of gateway."""
