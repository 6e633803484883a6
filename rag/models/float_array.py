"""The type of the arrays of vectors that the embedders return: NumPy arrays of 32-bit floats."""

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float32]
