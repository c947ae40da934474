"""Prints, as JSON, what ptflops, fvcore and thop count for the models of the tests, in evaluation mode, for one image
of 3×32×32. src/cost/describe-model.test.ts has the figures.

usage: count_costs.py        (needs torch, torchvision, ptflops, fvcore, thop)
"""
import json, logging, warnings
import torch, torchvision
from torch import nn
import torch.nn.functional as F
from fvcore.nn import FlopCountAnalysis
from ptflops import get_model_complexity_info
from thop import profile
logging.disable(logging.CRITICAL); warnings.filterwarnings('ignore')

class Block(nn.Module):
    def __init__(self, i, o, stride, bn, rate=0.1):
        super().__init__()
        self.conv1 = nn.Conv2d(i, o, 3, stride, 1); self.conv2 = nn.Conv2d(o, o, 3, 1, 1)
        self.bn1 = nn.BatchNorm2d(o) if bn else nn.Identity(); self.bn2 = nn.BatchNorm2d(o) if bn else nn.Identity()
        self.drop = nn.Dropout2d(rate)
        self.stride, self.pad = stride, (o - i) // 2
    def forward(self, x):
        y = self.drop(self.bn2(self.conv2(F.relu(self.drop(self.bn1(self.conv1(x)))))))
        return F.relu(y + F.pad(x[..., ::self.stride, ::self.stride], [0, 0, 0, 0, self.pad, self.pad]))
class BlockB(nn.Module):
    def __init__(self, i, o, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(i, o, 3, stride, 1); self.conv2 = nn.Conv2d(o, o, 3, 1, 1)
        self.bn1 = nn.BatchNorm2d(o); self.bn2 = nn.BatchNorm2d(o)
        self.short = nn.Sequential(nn.Conv2d(i,o,1,stride), nn.BatchNorm2d(o)) if (stride!=1 or i!=o) else nn.Identity()
    def forward(self, x):
        return F.relu(self.bn2(self.conv2(F.relu(self.bn1(self.conv1(x))))) + self.short(x))
class ResNet(nn.Module):
    def __init__(self, blocks, channels, first=16, bn=True, B=False):
        super().__init__()
        self.conv = nn.Conv2d(3, first, 3, 1, 1); self.bn = nn.BatchNorm2d(first); c = first; L=[]
        for k,(n,o) in enumerate(zip(blocks, channels)):
            for j in range(n):
                s = 2 if j==0 and k>0 else 1
                L.append(BlockB(c,o,s) if B else Block(c,o,s,bn)); c=o
        self.blocks = nn.Sequential(*L); self.pool = nn.AdaptiveAvgPool2d(1); self.fc = nn.Linear(c,10)
    def forward(self,x): return self.fc(self.pool(self.blocks(self.bn(F.relu(self.conv(x))))).flatten(1))
class CifarNet(nn.Module):
    def __init__(self):
        super().__init__()
        for k, (i, o) in enumerate(((3, 16), (16, 32), (32, 64), (64, 128))):
            setattr(self, f'conv{k + 1}', nn.Conv2d(i, o, 3, 1, 1)); setattr(self, f'bn{k + 1}', nn.BatchNorm2d(o))
        self.pool=nn.MaxPool2d(2); self.d2=nn.Dropout2d(.3); self.d=nn.Dropout(.3)
        self.fc1 = nn.Linear(2048, 512); self.bn5 = nn.BatchNorm1d(512); self.fc2 = nn.Linear(512, 256); self.fc3 = nn.Linear(256, 10)
    def forward(self, x):
        for k in range(1, 5):
            x = getattr(self, f'bn{k}')(F.relu(getattr(self, f'conv{k}')(x)))
            if k==3: x=self.d2(x)
            if k < 4: x = self.pool(x)
        x = self.d(self.bn5(F.relu(self.fc1(x.flatten(1)))))
        return self.fc3(self.d(torch.tanh(self.fc2(x))))
def resnet18_cifar():
    m=torchvision.models.resnet18(num_classes=10); m.conv1=nn.Conv2d(3,64,3,1,1,bias=False); m.maxpool=nn.Identity(); return m
MODELS = {'cifarnet':CifarNet,'resnet20':lambda:ResNet((3,3,3),(16,32,64)),'resnet20-shortcut-b':lambda:ResNet((3,3,3),(16,32,64),B=True),'resnet110':lambda:ResNet((18,)*3,(16,32,64)),'resnet110-without-batch-norm':lambda:ResNet((18,)*3,(16,32,64),bn=False),
 'myresnet':lambda:ResNet((5,7,7,5),(32,64,128,256)),'resnet18':torchvision.models.resnet18,'resnet18-cifar':resnet18_cifar,'shrinking':lambda:ResNet((3,3,3),(16,110,64))}

def count(make):
    image = torch.randn(1, 3, 32, 32)
    flops = FlopCountAnalysis(make().eval(), image).unsupported_ops_warnings(False).uncalled_modules_warnings(False).total()
    with_functions_left_out = {'count_functional': False}
    ptflops, _ = get_model_complexity_info(make(), (3, 32, 32), as_strings=False, print_per_layer_stat=False, backend='pytorch', backend_specific_config=with_functions_left_out)
    thop, _ = profile(make().eval(), (image,), verbose=False)
    return {'parameters': sum(p.numel() for p in make().parameters()), 'ptflops': int(ptflops), 'fvcore': int(flops), 'thop': int(thop)}
print(json.dumps({name: count(make) for name, make in MODELS.items()}, indent=1))
