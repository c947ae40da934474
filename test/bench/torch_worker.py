"""PyTorch's side of the bench: measures one network at one batch size, on request.

usage: torch_worker.py NETWORK BATCH FORMAT [DEVICE]
FORMAT: contiguous, channels_last, compiled or max-autotune (compiled, with CUDA graphs on a GPU); DEVICE: cpu, the
default, or cuda.
Reads JSON lines {"mode", "threads", "seconds"} and answers each with one; {"about": true} returns versions and
libraries, {"matmul": true} the speed of a matrix product. Models, input pipeline and figures are the same as in
engine-worker.ts.
"""
import json, resource, sys, time
import numpy as np, torch, torch.nn.functional as F
from torch import nn

IMAGES, CLASSES = 2048, 10
WARM_UP_SECONDS = 1
NETWORK, BATCH, FORMAT = sys.argv[1], int(sys.argv[2]), sys.argv[3]
DEVICE = sys.argv[4] if len(sys.argv) > 4 else 'cpu'
# As often as Bakeoff's training reads losses of a device that queues its work.
READ_EVERY = 20 if DEVICE == 'cuda' else 1
LAYOUT = torch.channels_last if FORMAT == 'channels_last' else torch.contiguous_format


class Block(nn.Module):
    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.conv1, self.bn1 = nn.Conv2d(inputs, outputs, 3, stride, 1), nn.BatchNorm2d(outputs)
        self.conv2, self.bn2 = nn.Conv2d(outputs, outputs, 3, 1, 1), nn.BatchNorm2d(outputs)
        self.stride, self.pad = stride, (outputs - inputs) // 2

    def forward(self, x):
        y = self.bn2(self.conv2(F.relu(self.bn1(self.conv1(x)))))
        if self.stride != 1 or self.pad != 0:
            x = F.pad(x[:, :, ::self.stride, ::self.stride], [0, 0, 0, 0, self.pad, self.pad])
        return F.relu(y + x)


def resnet(blocks):
    layers, inputs = [nn.Conv2d(3, 16, 3, 1, 1), nn.ReLU(), nn.BatchNorm2d(16)], 16
    for bundle, outputs in enumerate((16, 32, 64)):
        for number in range(blocks):
            layers.append(Block(inputs, outputs, 2 if number == 0 and bundle > 0 else 1))
            inputs = outputs
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(64, CLASSES))


def cifarnet():
    def convolution(inputs, outputs):
        return [nn.Conv2d(inputs, outputs, 3, 1, 1), nn.ReLU(), nn.BatchNorm2d(outputs)]
    return nn.Sequential(
        *convolution(3, 16), nn.MaxPool2d(2), *convolution(16, 32), nn.MaxPool2d(2), *convolution(32, 64), nn.Dropout2d(0.3), nn.MaxPool2d(2),
        *convolution(64, 128), nn.Flatten(), nn.Linear(2048, 512), nn.ReLU(), nn.BatchNorm1d(512), nn.Dropout(0.3),
        nn.Linear(512, 256), nn.Tanh(), nn.Dropout(0.3), nn.Linear(256, CLASSES))


BUILDERS = {'cifarnet': cifarnet, 'resnet20': lambda: resnet(3), 'resnet110': lambda: resnet(18)}


def batch_of():
    """Random images, from uint8 to normalized float32, in the format's own order of axes."""
    indices = torch.randint(0, IMAGES, (BATCH,), device=DEVICE)
    pixels = images[indices].float().mul_(2 / 255).sub_(1)
    return pixels.permute(0, 3, 1, 2) if FORMAT == 'channels_last' else pixels, labels[indices]


def train():
    pixels, wanted = batch_of()
    optimizer.zero_grad(set_to_none=True)
    logits = forward(pixels)
    loss = F.cross_entropy(logits, wanted)
    loss.backward()
    optimizer.step()
    scores.append(torch.stack([loss.detach(), (logits.argmax(1) == wanted).sum().to(loss.dtype)]))
    if len(scores) == READ_EVERY:
        torch.stack(scores).cpu()
        scores.clear()


def infer():
    with torch.inference_mode():
        return frozen(batch_of()[0]).cpu().numpy()


def measure(mode, threads, seconds):
    """Runs whole steps until `seconds` are over, after a warm-up if mode and threads are new."""
    torch.set_num_threads(threads)
    model.train(mode == 'train')
    step = train if mode == 'train' else infer
    start = time.perf_counter()
    while (mode, threads) not in warm:
        step()
        if time.perf_counter() - start >= WARM_UP_SECONDS:
            warm.add((mode, threads))
    steps, wall, cpu = 0, time.perf_counter(), time.process_time()
    while steps < 2 or time.perf_counter() - wall < seconds:
        step()
        steps += 1
    if DEVICE == 'cuda':
        torch.cuda.synchronize()
    return {'images': steps * BATCH, 'wallSeconds': time.perf_counter() - wall, 'cpuSeconds': time.process_time() - cpu,
            'maxRssMib': resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}


def matmul():
    a, b = torch.randn(1024, 1024), torch.randn(1024, 1024)
    best = float('inf')
    for _ in range(20):
        start = time.process_time()
        torch.mm(a, b)
        best = min(best, time.process_time() - start)
    return {'gflops': 2 * 1024 ** 3 / best / 1e9}


def about():
    has = torch.backends
    return {'torch': torch.__version__, 'capability': has.cpu.get_cpu_capability(), 'blas': 'MKL' if has.mkl.is_available() else 'not MKL', 'oneDnn': has.mkldnn.is_available(),
            'libraries': [line.strip(' -') for line in torch.__config__.show().split('\n') if 'Math Kernel' in line or 'MKL-DNN' in line or 'CPU capability' in line or 'OpenMP' in line]}


def folded(network):
    """The network for inference, with its batch norms folded into the convolutions before them."""
    from torch.fx.experimental.optimization import fuse
    return fuse(network.eval()).to(memory_format=LAYOUT)


torch.manual_seed(1)
if DEVICE == 'cuda':  # float32 products as Bakeoff's, not rounded to TF32
    torch.backends.cudnn.allow_tf32 = torch.backends.cuda.matmul.allow_tf32 = False
torch.set_num_threads(1)
generator = np.random.default_rng(1)
images = torch.from_numpy(generator.integers(0, 256, (IMAGES, 32, 32, 3) if FORMAT == 'channels_last' else (IMAGES, 3, 32, 32), dtype=np.uint8)).to(DEVICE)
labels = torch.from_numpy(generator.integers(0, CLASSES, IMAGES)).to(DEVICE)
model = BUILDERS[NETWORK]().to(DEVICE, memory_format=LAYOUT)
forward = {'compiled': torch.compile(model), 'max-autotune': torch.compile(model, mode='max-autotune')}.get(FORMAT, model)
optimizer = torch.optim.Adam(model.parameters(), lr=2e-4, fused=True)
frozen, warm, scores = None, set(), []
for line in sys.stdin:
    request = json.loads(line)
    if 'about' in request:
        answer = about()
    elif 'matmul' in request:
        answer = matmul()
    else:
        if request['mode'] == 'infer' and frozen is None:
            frozen = torch.compile(model.eval()) if FORMAT == 'compiled' else folded(model)
        answer = measure(request['mode'], request['threads'], request['seconds'])
    print(json.dumps(answer), flush=True)
