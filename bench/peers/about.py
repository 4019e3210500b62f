"""Versions of what the Python peers run on, as one line of JSON."""
import json
import platform
from importlib.metadata import version

import numpy as np

blas = np.show_config(mode="dicts")["Build Dependencies"]["blas"]
print(json.dumps({"python": platform.python_version(), "numpy": np.__version__, "blas": f"{blas['name']} {blas['version']}", "opnmf": version("opnmf")}))
