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

class Smooth(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 8, 3, 1, 1, bias=False); self.bn1 = nn.BatchNorm2d(8)
        self.conv2 = nn.Conv2d(8, 8, 3, 2, 1, bias=False); self.bn2 = nn.BatchNorm2d(8)
        self.fc = nn.Linear(8, 4)
    def forward(self, x):
        x = torch.tanh(self.bn1(self.conv1(x)))
        return self.fc(torch.tanh(self.bn2(self.conv2(x))).mean((2, 3)))
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
    model = Smooth() if recipe['model']['type'] == 'smooth' else ResNet()
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
