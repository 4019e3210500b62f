"""
The published update (Yang & Oja 2010; Sotiras et al. 2015) written well in numpy: X (X'W) instead of XX', the spectral norm from the k x k
Gram matrix, buffers used again.
  python published.py X M N RANK CAP_SECONDS OUT [residual]
Stops at a relative change below 1e-5 or after 50,000 iterations. With `residual` it goes on until r <= 1e-5; finding r is not timed.
"""
import sys
from statistics import median
from time import perf_counter

import numpy as np

from read import answer, nndsvd, read

CHANGE, RESIDUAL, ITERATIONS = 1e-5, 1e-5, 50_000
LOOK_EVERY = 25


def residual(X, W):
    """The natural residual at the projective scale (docs/opnmf.md)."""
    Y = X.T @ W
    M = Y.T @ Y
    s = np.sqrt(np.trace(M) / np.sum((W.T @ W) * M))
    W, Y, M = W * s, Y * s, M * s * s
    return np.linalg.norm(np.minimum(W, (W @ M - X @ Y) / np.diag(M))) / np.linalg.norm(W)


def fit(X, k, cap, to_residual):
    began, aside = perf_counter(), 0.0
    W = nndsvd(X, k)
    D, old = np.empty_like(W), np.empty_like(W)
    Y = X.T @ W
    iterations, stopped = 0, "max-iterations"
    while to_residual or iterations < ITERATIONS:
        old[:] = W
        np.matmul(W, Y.T @ Y, out=D)
        W *= X @ Y
        W /= D
        np.maximum(W, 1e-16, out=W)
        W /= np.sqrt(np.linalg.eigvalsh(W.T @ W)[-1])
        Y = X.T @ W
        iterations += 1
        if not to_residual:
            np.subtract(W, old, out=D)
            if np.linalg.norm(D) / np.linalg.norm(old) < CHANGE:
                stopped = "relative-change"
                break
        if iterations % LOOK_EVERY == 0:
            look = perf_counter()
            if to_residual and residual(X, W) <= RESIDUAL:
                stopped = "residual"
                break
            aside += perf_counter() - look if to_residual else 0
            if perf_counter() - began - aside > cap:
                stopped = "cap"
                break
    return W, iterations, stopped, perf_counter() - began - aside


def main():
    path, m, n, k, cap, out = sys.argv[1], *map(int, sys.argv[2:5]), float(sys.argv[5]), sys.argv[6]
    X = read(path, m, n)
    to_residual = "residual" in sys.argv[7:]
    times = []
    while True:
        W, iterations, stopped, seconds = fit(X, k, cap, to_residual)
        times.append(seconds)
        if len(times) == 3 or sum(times) > 5:
            break
    answer(W, out=out, seconds=median(times), first=times[0], runs=len(times), iterations=iterations, stopped=stopped)


main()
