#!/usr/bin/env node
import './require-node.js';
import { builtCompletion } from './built-completion.js';

const completion = builtCompletion(process.argv.slice(2));
// That nobody reads it is not an error, here as elsewhere.
if (completion !== undefined) process.stdout.on('error', () => undefined).write(completion);
// No await at the top level, which old versions of Node refuse before they run anything.
else void import('../dist/main.js');
