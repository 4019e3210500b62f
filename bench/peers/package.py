"""
The PyPI package `opnmf` as its users call it.
  python package.py X M N RANK CAP_SECONDS OUT [filled]
By default with its own default start (NNDSVD, zeros kept); with `filled` from NNDSVD filled with 0.1, the others' start.
It cannot be interrupted with a result: the caller ends it at the cap.
"""
import re
import sys
from time import perf_counter

from opnmf.model import OPNMF
from opnmf.opnmf import logger

from read import answer, nndsvd, read


class Iterations:
    """The package says how many only in its log."""
    count = None

    def emit(self, text):
        found = re.search(r"Converged in (\d+) iterations", str(text))
        if found:
            self.count = int(found.group(1)) + 1


def main():
    path, m, n, k, out = sys.argv[1], *map(int, sys.argv[2:5]), sys.argv[6]
    X = read(path, m, n)
    seen = Iterations()
    logger.info = seen.emit
    began = perf_counter()
    if "filled" in sys.argv[7:]:
        model = OPNMF(n_components=k, init="custom")
        W = model.fit_transform(X, init_W=nndsvd(X, k))
    else:
        model = OPNMF(n_components=k)
        W = model.fit_transform(X)
    seconds = perf_counter() - began
    stopped = "max-iterations" if seen.count is None else "relative-change"
    answer(W, out=out, seconds=seconds, first=seconds, runs=1, iterations=model.max_iter if seen.count is None else seen.count, stopped=stopped)


main()
