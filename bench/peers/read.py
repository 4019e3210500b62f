"""What the scripts beside this one share: the matrix, the start, what they answer."""
import json
import re

import numpy as np


def read(path, m, n):
    """A row-major matrix of doubles."""
    return np.fromfile(path, dtype="<f8").reshape(m, n)


def nndsvd(X, k, fill=0.1):
    """Boutsidis & Gallopoulos 2008, from the eigenvectors of the smaller Gram matrix; zeros (< 1e-10) filled as in the MATLAB lineage."""
    tall = X.shape[0] >= X.shape[1]
    _, near = np.linalg.eigh(X.T @ X if tall else X @ X.T)
    near = near[:, ::-1][:, :k]
    far = X @ near if tall else X.T @ near
    s = np.linalg.norm(far, axis=0)
    far = far / np.where(s > 0, s, 1)
    U, V = (far, near) if tall else (near, far)
    W = np.zeros((X.shape[0], k))
    W[:, 0] = np.sqrt(s[0]) * np.abs(U[:, 0])
    for j in range(1, k):
        u, v = U[:, j], V[:, j]
        up, un, vp, vn = np.maximum(u, 0), np.maximum(-u, 0), np.maximum(v, 0), np.maximum(-v, 0)
        a, b = np.linalg.norm(up) * np.linalg.norm(vp), np.linalg.norm(un) * np.linalg.norm(vn)
        side, size = (up, a) if a >= b else (un, b)
        W[:, j] = np.sqrt(s[j] * size) * side / np.linalg.norm(side)
    W[W < 1e-10] = fill
    return W


def peak_mb():
    """Peak resident memory of this process, MB; None where there is no /proc."""
    try:
        return int(re.search(r"VmHWM:\s+(\d+) kB", open("/proc/self/status").read()).group(1)) / 1024
    except (OSError, AttributeError):
        return None


def answer(W, **figures):
    """W as doubles into the file named, the figures as one line of JSON."""
    np.ascontiguousarray(W, dtype="<f8").tofile(figures.pop("out"))
    print(json.dumps({**figures, "memoryMb": peak_mb()}))
