"""What `make bench` measures: answering, a loaded loop, memory, the gate and the store. How to read it: `__main__`."""
