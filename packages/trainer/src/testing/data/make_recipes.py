"""Trains the traced recipes in PyTorch and writes recipe-traces.json: for every case the loss and learning rate of each
step, and the validation loss of each epoch. Its input on stdin is what export-recipes.ts prints.

Every option is PyTorch's own: CrossEntropyLoss(weight, label_smoothing), clip_grad_norm_, parameter groups, OneCycleLR,
LambdaLR, AveragedModel. Mixup is the usual sum of two losses. float32 on the CPU.

usage: node --import tsx export-recipes.ts | python make_recipes.py        (needs torch and numpy)
"""
import json, os, sys
import numpy as np, torch
from torch import nn
import torch.nn.functional as F
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn
torch.set_num_threads(1)
given = json.load(sys.stdin)

class Scale(nn.Module):
    def __init__(self, factor): super().__init__(); self.factor = factor
    def forward(self, x): return x * self.factor
class Flatten(nn.Module):
    def forward(self, x): return x.permute(0, 2, 3, 1).flatten(1)
class GlobalAveragePool(nn.Module):
    def forward(self, x): return x.mean((2, 3))
class ShortcutA(nn.Module):
    def __init__(self, stride, pad): super().__init__(); self.stride, self.pad = stride, pad
    def forward(self, x): return F.pad(x[..., ::self.stride, ::self.stride], [0, 0, 0, 0, self.pad, self.pad])
class Sum(nn.Module):
    def __init__(self, branch, shortcut): super().__init__(); self.branch, self.shortcut = branch, shortcut
    def forward(self, x): return self.branch(x) + self.shortcut(x)

class Written(nn.Module):
    """A network as a manifest writes it: a layer without a name is the nth of its type."""
    def __init__(self, layers):
        super().__init__()
        self.counts, self.named = {}, {}
        self.net, _ = self.sequence(layers, (given['imageShape'][2], given['imageShape'][0]), [])
    def forward(self, x): return self.net(x)
    def load_state_dict(self, state, strict):
        with torch.no_grad():
            for key, value in state.items():
                name, member = key.rsplit('.', 1); getattr(self.named[name], member).copy_(value)
    def name_of(self, layer, turns):
        number = self.counts[layer['type']] = self.counts.get(layer['type'], 0) + 1
        return '.'.join([layer['name'], *map(str, turns)]) if 'name' in layer else f"{layer['type']}{number}"
    def sequence(self, layers, shape, turns):
        made = []
        for layer in layers:
            name = self.name_of(layer, turns)
            if layer['type'] == 'repeat':
                for turn in range(layer['times']):
                    module, shape = self.sequence(layer['layers'], shape, [*turns, turn + 1]); made.append(module)
            else:
                module, shape = self.layer(name, layer, shape, turns); made.append(module)
        return nn.Sequential(*made), shape
    def add(self, name, module): self.named[name] = module; return module
    def layer(self, name, l, shape, turns):
        channels, side = shape; kind = l['type']
        padding = l.get('padding', 0); windowed = lambda stride: (side + 2 * padding - l['kernel']) // stride + 1
        if kind == 'conv2d':
            stride = l.get('stride', 1)
            module = nn.Conv2d(channels, l['filters'], l['kernel'], stride, padding, groups=l.get('groups', 1), bias=l.get('bias', True))
            return self.add(name, module), (l['filters'], windowed(stride))
        if kind == 'dense': return self.add(name, nn.Linear(channels, len(given['classes']) if l['units'] == 'classes' else l['units'], bias=l.get('bias', True))), (l['units'], 1)
        if kind == 'batchNorm': return self.add(name, nn.BatchNorm2d(channels)), shape
        if kind == 'residual':
            branch, after = self.sequence(l['branch'], shape, turns); short = l.get('shortcut', 'identity')
            if isinstance(short, list): shortcut, _ = self.sequence(short, shape, turns)
            elif short == 'identity' or after == shape: shortcut = nn.Identity()
            elif short == 'A': shortcut = ShortcutA(side // after[1], (after[0] - channels) // 2)
            else: shortcut = nn.Sequential(
                self.add(f'{name}.shortcut.0', nn.Conv2d(channels, after[0], 1, side // after[1], bias=False)),
                self.add(f'{name}.shortcut.1', nn.BatchNorm2d(after[0])))
            return Sum(branch, shortcut), after
        pools = {'averagePool': nn.AvgPool2d, 'maxPool': nn.MaxPool2d}
        if kind in pools:
            stride = l.get('stride', l['kernel']); return pools[kind](l['kernel'], stride, padding), (channels, windowed(stride))
        if kind == 'flatten': return Flatten(), (channels * side * side, 1)
        if kind == 'globalAveragePool': return GlobalAveragePool(), (channels, 1)
        if kind == 'scale': return Scale(l['factor']), shape
        return {'tanh': nn.Tanh, 'gelu': nn.GELU, 'silu': nn.SiLU, 'relu': nn.ReLU, 'relu6': nn.ReLU6}[kind](), shape
class Block(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(8, 8, 3, 1, 1); self.bn1 = nn.BatchNorm2d(8)
        self.conv2 = nn.Conv2d(8, 8, 3, 1, 1); self.bn2 = nn.BatchNorm2d(8)
    def forward(self, x): return F.relu(x + self.bn2(self.conv2(F.relu(self.bn1(self.conv1(x))))))
class ResNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 8, 3, 1, 1); self.bn = nn.BatchNorm2d(8)
        self.blocks = nn.Sequential(Block()); self.fc = nn.Linear(8, 4)
    def forward(self, x): return self.fc(self.blocks(self.bn(F.relu(self.conv(x)))).mean((2, 3)))

def images_of(split, recipe):
    h, w, c = given['imageShape']
    x = torch.tensor(split['images'], dtype=torch.float32).reshape(-1, h, w, c).permute(0, 3, 1, 2) / 255
    n = recipe['normalization']
    mean, deviation = (given['means'], given['deviations']) if n == 'dataset' else (n['mean'], n['standardDeviation'])
    return (x - torch.tensor(mean).view(1, 3, 1, 1)) / torch.tensor(deviation).view(1, 3, 1, 1)

def theirs(tensor):
    t = torch.tensor(tensor['data'], dtype=torch.float32).reshape(tensor['shape'])
    return t.permute(3, 2, 0, 1).contiguous() if t.dim() == 4 else t.T.contiguous() if t.dim() == 2 else t

def optimizer_of(model, o):
    decay = o['weightDecay'] if o['type'] == 'adamw' else o['l2']
    matrices = [p for p in model.parameters() if p.dim() > 1]; vectors = [p for p in model.parameters() if p.dim() <= 1]
    groups = [{'params': matrices, 'weight_decay': decay},
              {'params': vectors, 'weight_decay': decay if o['decayBiasAndNorm'] else 0}]
    if o['type'] == 'adamw':
        return torch.optim.AdamW(groups, lr=o['learningRate'], betas=(o['beta1'], o['beta2']), eps=o['epsilon'])
    return torch.optim.SGD(groups, lr=o['learningRate'], momentum=o['momentum'], nesterov=o['nesterov'])

def schedule_of(optimizer, s, rate, steps, per_epoch):
    if s['type'] == 'constant': return torch.optim.lr_scheduler.LambdaLR(optimizer, lambda _: 1.)
    if s['type'] == 'linear':
        epochs, factors = zip(*((k['epoch'], k['factor']) for k in s['knots']))
        return torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: np.interp(step / per_epoch, epochs, factors))
    start, final = s['startFactor'], s['finalFactor']
    return torch.optim.lr_scheduler.OneCycleLR(
        optimizer, rate, total_steps=steps, pct_start=s['riseFraction'], cycle_momentum=False,
        anneal_strategy={'cosine': 'cos', 'linear': 'linear'}[s['shape']],
        div_factor=1 / start, final_div_factor=start / final if final else float('inf'))

def train(case):
    recipe, steps = case['recipe'], case['steps']
    model = Written(recipe['model']['layers']) if recipe['model']['type'] == 'layers' else ResNet()
    model.load_state_dict({k: theirs(v) for k, v in case['weights'].items()}, strict=False)
    assert len(case['weights']) == sum('num_batches' not in k for k in model.state_dict())
    x, y = images_of(given['splits']['train'], recipe), torch.tensor(given['splits']['train']['labels'])
    vx, vy = images_of(given['splits']['validation'], recipe), torch.tensor(given['splits']['validation']['labels'])
    weight = None if case['classWeights'] is None else torch.tensor(case['classWeights'], dtype=torch.float32)
    criterion = nn.CrossEntropyLoss(weight=weight, label_smoothing=recipe['labelSmoothing'])
    optimizer = optimizer_of(model, recipe['optimizer'])
    per_epoch = len(steps) // recipe['maxEpochs']
    schedule = schedule_of(optimizer, recipe['schedule'], recipe['optimizer']['learningRate'], len(steps), per_epoch)
    ema = None if recipe['ema'] is None else AveragedModel(
        model, multi_avg_fn=get_ema_multi_avg_fn(recipe['ema']['decay']), use_buffers=True)
    losses, rates, validation = [], [], []
    for number, step in enumerate(steps):
        model.train()
        at, mixing = torch.tensor(step['indices']), step['mixing']
        if mixing is None: loss = criterion(model(x[at]), y[at])
        else:
            to, share = torch.tensor(mixing['partners']), mixing['share']
            logits = model(share * x[at] + (1 - share) * x[to])
            loss = share * criterion(logits, y[at]) + (1 - share) * criterion(logits, y[to])
        optimizer.zero_grad(); loss.backward()
        if recipe['maxGradientNorm'] is not None: nn.utils.clip_grad_norm_(model.parameters(), recipe['maxGradientNorm'])
        rates.append(float(optimizer.param_groups[0]['lr'])); optimizer.step(); losses.append(loss.item())
        if ema is not None: ema.update_parameters(model)
        if number < len(steps) - 1: schedule.step()
        if (number + 1) % per_epoch == 0:
            judged = model if ema is None else ema.module
            judged.eval()
            with torch.no_grad(): validation.append(F.cross_entropy(judged(vx), vy).item())
    return {'losses': losses, 'learningRates': rates, 'validationLosses': validation}

path = os.path.join(os.path.dirname(os.path.abspath(__file__)), 'recipe-traces.json')
rows = ',\n'.join(f'  {json.dumps(case["name"])}: {json.dumps(train(case))}' for case in given['cases'])
open(path, 'w').write('{\n' + rows + '\n}\n')
