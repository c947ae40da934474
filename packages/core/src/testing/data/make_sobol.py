"""Writes sobol.json: points of the Sobol sequence, unscrambled, by scipy.stats.qmc (SciPy 1.17.1).

python make_sobol.py > sobol.json
"""

import json

from scipy.stats import qmc

INDICES = [*range(16), 100, 1000, 4095]
points = qmc.Sobol(32, scramble=False).random(4096)
rows = [f'[{index}, {json.dumps([int(value * 4096) for value in points[index]])}]' for index in INDICES]
print('[' + ',\n'.join(rows) + ']')
