"""Unpacks from wheels what the GPU image runs and compiles with, in the layout of site-packages.

usage: unpack-libraries.py TARGET WHEEL...
`tensorflow/` and `nvidia/` become siblings, because TensorFlow's library looks for CUDA, cuDNN, ptxas and libdevice in
../nvidia. Every date is the same, so that the same wheels make the same layer on every machine.
"""
import os
import re
import shutil
import sys
import zipfile

KEPT = re.compile(
    r'tensorflow/libtensorflow_(cc|framework)\.so\.2'
    r'|tensorflow/include/LICENSE'
    r'|tensorflow/include/(tensorflow/c|tensorflow/core/platform|tsl|xla/tsl)/.+\.h'
    r'|nvidia/\w+/lib/[^/]+\.so[.\d]*'
    r'|nvidia/cuda_nvcc/(bin|nvvm/libdevice)/.+'
)
LICENSE = re.compile(r'(nvidia_\w+)-[^/]+\.dist-info/(licenses/)?License\.txt')
DATE = 315532800  # 1980-01-01, the first that a zip archive can hold.


def place_of(name):
    """Where a wheel's file goes, or None."""
    license = LICENSE.fullmatch(name)
    if license:
        return f'nvidia/licenses/{license[1]}.txt'
    return name if KEPT.fullmatch(name) else None


target, *wheels = sys.argv[1:]
os.makedirs(os.path.join(target, 'nvidia'), exist_ok=True)
for wheel in wheels:
    with zipfile.ZipFile(wheel) as archive:
        for entry in archive.infolist():
            place = place_of(entry.filename)
            if place is None:
                continue
            path = os.path.join(target, place)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with archive.open(entry) as source, open(path, 'wb') as file:
                shutil.copyfileobj(source, file, 2**20)
            os.chmod(path, 0o755 if entry.external_attr >> 16 & 0o111 else 0o644)
for folder, _, files in os.walk(target, topdown=False):
    for path in [*(os.path.join(folder, name) for name in files), folder]:
        os.utime(path, (DATE, DATE))
