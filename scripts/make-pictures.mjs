// Takes the README's pictures anew, from the sample's page and from what the quickstart prints; needs Chromium, and two
// minutes of a machine that does nothing else, as the picture shows how long trainings take.
//   usage: npm run prepare && node scripts/make-pictures.mjs
// oxlint-disable no-control-regex -- it reads escape sequences
import { spawnSync } from 'node:child_process';
import { closeSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from './ensure-installed.mjs';
import { findBrowser } from './find-browser.mjs';

const folder = join(root, 'docs/pictures');
const PAGE = { width: 1100, height: 760 };
const COMMAND = ['run', 'experiments/quickstart.yaml'];
/** Of the terminal, which breaks longer lines. */
const COLUMNS = 83;
const CELL = { width: 7.8, height: 18 };
const FOREGROUND = '#d7dae0';
/** SGR codes that the command line prints, as attributes of SVG. */
const STYLES = {
  1: ' font-weight="bold"',
  2: ' fill="#8b93a1"',
  31: ' fill="#f0747d"',
  32: ' fill="#8ccf7e"',
  33: ' fill="#e5c76b"',
  36: ' fill="#67cbe7"',
};

mkdirSync(folder, { recursive: true });
await writeReport();
writeTerminal();

/** The first screen of the sample's page. */
async function writeReport() {
  const { chromium } = createRequire(join(root, 'test/package.json'))('playwright-core');
  const browser = await chromium.launch({ executablePath: findBrowser(), args: ['--no-sandbox'] });
  try {
    const page = await browser.newPage({ viewport: PAGE, colorScheme: 'light' });
    await page.goto(pathToFileURL(join(root, 'docs/sample/index.html')).href);
    await page.screenshot({ path: join(folder, 'report.png') });
  } finally {
    await browser.close();
  }
}

/** What a terminal that has color shows when the quickstart has ended. */
function writeTerminal() {
  const place = mkdtempSync(join(tmpdir(), 'bakeoff-picture-'));
  try {
    symlinkSync(join(root, 'experiments'), join(place, 'experiments'));
    const printed = join(place, 'printed');
    const file = openSync(printed, 'w');
    const terminal = `for (const stream of [process.stdout, process.stderr]) Object.assign(stream, { isTTY: true, columns: ${COLUMNS} });`;
    const { status } = spawnSync(
      process.execPath,
      [
        '--import',
        `data:text/javascript,${encodeURIComponent(terminal)}`,
        join(root, 'packages/cli/bin/bakeoff.js'),
        ...COMMAND,
      ],
      {
        cwd: place,
        stdio: ['ignore', file, file],
        env: { PATH: process.env.PATH, XDG_CACHE_HOME: join(place, 'cache'), TERM: 'xterm' },
      },
    );
    closeSync(file);
    const text = readFileSync(printed, 'utf8');
    if (status !== 0) throw new Error(text);
    const lines = [`\u001b[36m$\u001b[39m npx bakeoff ${COMMAND.join(' ')}`, ...screenOf(text)];
    writeFileSync(join(folder, 'terminal.svg'), svg(lines));
  } finally {
    rmSync(place, { recursive: true });
  }
}

/** The lines that remain: progress bars are erased by going up and clearing what is below. */
function screenOf(text) {
  const lines = [''];
  for (const part of text.split(/(\r\u001b\[\d+A\u001b\[0J|\n)/)) {
    const up = /^\r\u001b\[(\d+)A/.exec(part)?.[1];
    if (part === '\n') lines.push('');
    else if (up === undefined) lines[lines.length - 1] += part.replace(/\u001b\[\?25[lh]/g, '');
    else lines.splice(lines.length - 1 - up, Infinity, '');
  }
  return lines.join('\n').trimEnd().split('\n').flatMap(broken);
}

/** A line as the terminal breaks it; only lines without color are that long. */
function broken(line) {
  const visible = line.replace(/\u001b\[\d+m/g, '');
  if (visible.length <= COLUMNS) return [line];
  const [, style = ''] = /^(\u001b\[\d+m)/.exec(line) ?? [];
  return visible.match(new RegExp(`.{1,${COLUMNS}}`, 'g')).map((part) => style + part);
}

function svg(lines) {
  const columns = Math.max(...lines.map((line) => [...line.replace(/\u001b\[\d+m/g, '')].length));
  const [width, height] = [Math.ceil(columns * CELL.width + 40), lines.length * CELL.height + 40];
  const texts = lines.map((line, i) => `<text x="20" y="${34 + i * CELL.height}">${spans(line)}</text>`);
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">
<rect width="100%" height="100%" rx="8" fill="#1b1e24"/>
<g font-family="DejaVu Sans Mono, Menlo, Consolas, monospace" font-size="13" fill="${FOREGROUND}">
${texts.join('\n')}
</g>
</svg>
`;
}

function spans(line) {
  let style = '';
  return line
    .split(/(\u001b\[\d+m)/)
    .map((part) => {
      const code = /^\u001b\[(\d+)m$/.exec(part)?.[1];
      if (code !== undefined) style = STYLES[code] ?? '';
      else if (part !== '') return `<tspan${style}>${escaped(part)}</tspan>`;
      return '';
    })
    .join('');
}

/** With spaces that no reader of SVG joins. */
function escaped(text) {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll(' ', '\u00a0');
}
