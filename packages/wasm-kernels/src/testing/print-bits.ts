// Prints the kernels' bits as JSON: `node print-bits.js NATIVE`. The extended check runs it on another architecture.
import { setFlagsFromString } from 'node:v8';
import type { NativeOption } from '../native/native-options.ts';
import { kernelBits, shapeNames } from './kernel-bits.ts';

setFlagsFromString('--experimental-wasm-relaxed-simd');
const results: Record<string, Record<string, string>> = {};
for (const shapes of shapeNames) results[shapes] = await kernelBits(shapes, process.argv[2] as NativeOption);
process.stdout.write(JSON.stringify(results));
