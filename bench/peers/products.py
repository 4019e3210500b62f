"""
Speed of the two products of an iteration, Y = X'W and N = X Y, by numpy's BLAS: 4 m n k operations.
  python products.py X M N RANK [RANK ...]
Threads as the environment says. One line of JSON: GFLOP/s by rank, best and median of the repeats.
"""
import json
import sys
from statistics import median
from time import perf_counter

import numpy as np

from read import read

REPEATS, OPERATIONS = 60, 6e7


def main():
    path, m, n = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    X = read(path, m, n)
    random = np.random.default_rng(0)
    rows = []
    for k in map(int, sys.argv[4:]):
        W, Y, N = random.random((m, k)), np.empty((n, k)), np.empty((m, k))
        passes = max(1, round(OPERATIONS / (4 * m * n * k)))
        speeds = []
        for _ in range(REPEATS + 1):
            began = perf_counter()
            for _ in range(passes):
                np.matmul(X.T, W, out=Y)
                np.matmul(X, Y, out=N)
            speeds.append(4 * m * n * k * passes / (perf_counter() - began) / 1e9)
        speeds = speeds[1:]  # the first warms up
        rows.append({"rank": k, "best": max(speeds), "median": median(speeds)})
    print(json.dumps(rows))


main()
