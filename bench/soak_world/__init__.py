"""A world of invented union sites whose state depends on nothing but a seed and the simulated time."""
