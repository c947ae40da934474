"""Makes augmentation.safetensors: images, and the results of torchvision for them with explicit parameters.

usage: python make_golden.py        (torchvision 0.29, Pillow 13, numpy; writes next to itself)

Tensors: `inputs` uint8 [8, 32, 32, 3], `outputs` uint8 [n, 32, 32, 3]. Metadata: `cases`, a JSON list of {input, transform}
in the order of `outputs`, where `transform` is what applyTransform takes; `versions`.
"""
import json, os, struct
import numpy as np, PIL, torchvision
from PIL import Image
from torchvision.transforms import functional as F, InterpolationMode, RandomPerspective

MODES = {'nearest': InterpolationMode.NEAREST, 'bilinear': InterpolationMode.BILINEAR}
START = [[0, 0], [31, 0], [31, 31], [0, 31]]


def make_inputs(random):
    """Waves, blocks and noise: smooth parts, edges and every pixel value."""
    y, x = np.mgrid[0:32, 0:32]
    images = []
    for k in range(8):
        waves = np.stack([127.5 + 127.5 * np.sin(random.uniform(.05, .6) * x + random.uniform(.05, .6) * y + random.uniform(0, 6)) for _ in range(3)], -1)
        if k >= 3:
            top, left = random.integers(0, 16, 2)
            waves[top:top + 14, left:left + 12] = random.integers(0, 256, 3)
        if k >= 5: waves += random.normal(0, 40, waves.shape)
        if k == 7: waves = random.integers(0, 256, (32, 32, 3))
        images.append(np.clip(np.round(waves), 0, 255).astype(np.uint8))
    return np.stack(images)


def make_cases(random):
    cases = [{'type': 'horizontalFlip'}, {'type': 'grayscale'}] * 2
    for left, top, padding in [(0, 0, 4), (8, 8, 4), (4, 4, 4), (1, 6, 4), (7, 2, 4), (0, 1, 1), (17, 3, 10), (0, 64, 32)]:
        cases.append({'type': 'randomCrop', 'padding': padding, 'left': left, 'top': top})
    for mode in MODES:
        for distortion in [0.1, 0.5, 0.5, 0.5, 0.5, 0.9, 0.9]:
            _, corners = RandomPerspective.get_params(32, 32, distortion)
            cases.append({'type': 'perspective', 'corners': corners, 'interpolation': mode})
        for angle in [0.0, 90.0, -90.0, 180.0, 45.0, -45.0, *random.uniform(-180, 180, 8)]:
            cases.append({'type': 'rotation', 'angleDegrees': float(angle), 'interpolation': mode})
    for x, y in [(1, 0), (0, -1), (4, 4), (-4, 3), (-2, -2), (31, -31)]:
        cases.append({'type': 'translate', 'x': x, 'y': y})
    for left, top, size in [(0, 0, 8), (12, 20, 8), (-4, 5, 8), (27, 30, 8), (-8, -8, 16), (3, 0, 33)]:
        cases.append({'type': 'cutout', 'left': left, 'top': top, 'size': size})
    return cases


def translate(image, x, y):
    padding = max(abs(x), abs(y))
    return F.crop(F.pad(image, padding, padding_mode='reflect'), padding - y, padding - x, 32, 32)


def cutout(image, left, top, size):
    """RandomErasing's operation, which takes tensors: the part of the square within the image."""
    rows, columns = [range(max(0, start), min(32, start + size)) for start in (top, left)]
    return F.to_pil_image(F.erase(F.pil_to_tensor(image), rows.start, columns.start, len(rows), len(columns), v=0))


def apply(t, image):
    if t['type'] == 'horizontalFlip': return F.hflip(image)
    if t['type'] == 'grayscale': return F.rgb_to_grayscale(image, num_output_channels=3)
    if t['type'] == 'randomCrop': return F.crop(F.pad(image, t['padding'], fill=0), t['top'], t['left'], 32, 32)
    if t['type'] == 'translate': return translate(image, t['x'], t['y'])
    if t['type'] == 'cutout': return cutout(image, t['left'], t['top'], t['size'])
    if t['type'] == 'perspective': return F.perspective(image, START, t['corners'], MODES[t['interpolation']], fill=0)
    return F.rotate(image, t['angleDegrees'], MODES[t['interpolation']], fill=0)


def write_safetensors(path, tensors, metadata):
    header, offset = {'__metadata__': metadata}, 0
    for name, array in tensors.items():
        header[name] = {'dtype': 'U8', 'shape': list(array.shape), 'data_offsets': [offset, offset + array.nbytes]}
        offset += array.nbytes
    text = json.dumps(header).encode()
    text += b' ' * (-len(text) % 8)
    with open(path, 'wb') as file:
        file.write(struct.pack('<Q', len(text)) + text)
        for array in tensors.values(): file.write(array.tobytes())


def main():
    import torch
    torch.manual_seed(1)
    random = np.random.default_rng(1)
    inputs = make_inputs(random)
    cases = [{'input': i % len(inputs), 'transform': t} for i, t in enumerate(make_cases(random))]
    outputs = np.stack([np.asarray(apply(c['transform'], Image.fromarray(inputs[c['input']]))) for c in cases])
    versions = {'torchvision': torchvision.__version__.split('+')[0], 'pillow': PIL.__version__}
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), 'augmentation.safetensors')
    write_safetensors(path, {'inputs': inputs, 'outputs': outputs}, {'cases': json.dumps(cases), 'versions': json.dumps(versions)})
    print(f'{len(cases)} cases, {versions}')


main()
