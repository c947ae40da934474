// Runs a script of Node with its arguments and prints the peak of its resident memory, children's included one by one.
//   usage: node peak-memory.mjs SCRIPT ARGUMENT…
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';

const [script, ...args] = process.argv.slice(2);
const child = spawn(process.execPath, [script, ...args], { stdio: ['ignore', 'ignore', 'inherit'] });
let peak = 0;
const timer = setInterval(() => {
  try {
    peak = Math.max(peak, Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))[1]));
  } catch {
    // It has ended.
  }
}, 20);
child.on('close', (code) => {
  clearInterval(timer);
  console.log(`peak ${Math.round(peak / 1024)} MiB`);
  process.exitCode = code ?? 1;
});
