"""The benchmarks: each measures Akkoord and what it is held against, side by side, in one run."""
