"""Small arrays as NumPy writes them: python make_npz.py, in this folder."""
import numpy as np

rng = np.random.default_rng(7)
images = rng.integers(0, 256, (20, 5, 4, 3), dtype=np.uint8)
labels = (np.arange(20) % 3).astype(np.int64)
np.savez_compressed("numpy.npz", images=images, labels=labels, x_test=images[:6, :, :, :], y_test=labels[:6, None].astype(np.int8))
np.savez("numpy-stored.npz", images=images, labels=labels)
