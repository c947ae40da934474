"""Speed of torchvision's pipeline on one core: the study's four transforms on Pillow images, as its dataset applied
them.

usage: python torchvision_speed.py [IMAGES]      prints {"imagesPerSecond": …}
"""
import json, sys, time
import numpy as np, torch
from PIL import Image
from torchvision import transforms

torch.set_num_threads(1)
torch.manual_seed(1)
count = int(sys.argv[1]) if len(sys.argv) > 1 else 5000
images = np.random.default_rng(1).integers(0, 256, (count, 32, 32, 3), dtype=np.uint8)
pipeline = transforms.Compose([
    transforms.RandomHorizontalFlip(0.5), transforms.RandomGrayscale(0.1),
    transforms.RandomPerspective(0.5, 0.5), transforms.RandomRotation(45),
])
for image in images[:200]: pipeline(Image.fromarray(image))
start = time.process_time()
for image in images: np.asarray(pipeline(Image.fromarray(image)))
print(json.dumps({'imagesPerSecond': count / (time.process_time() - start)}))
