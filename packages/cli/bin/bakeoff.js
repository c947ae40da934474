#!/usr/bin/env node
import './require-node.js';

// No await at the top level, which old versions of Node refuse before they run anything.
void import('../dist/main.js');
