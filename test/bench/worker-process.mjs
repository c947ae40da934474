// A process that measures on request: it reads a JSON line, does the work, and answers with a JSON line.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

const KEPT_ERROR_LINES = 20;
const ENDS_WITHIN_MS = 10_000;

export class WorkerProcess {
  #child;
  #waiting = [];
  #errors = [];
  #name;

  constructor(name, command, args, options = {}) {
    this.#name = name;
    this.#child = spawn(command, args, { stdio: ['pipe', 'pipe', 'pipe'], ...options });
    createInterface({ input: this.#child.stdout }).on('line', (line) => {
      if (line.startsWith('{')) this.#waiting.shift()?.resolve(JSON.parse(line));
    });
    createInterface({ input: this.#child.stderr }).on('line', (line) => {
      this.#errors = [...this.#errors.slice(1 - KEPT_ERROR_LINES), line];
    });
    // A dead worker is reported by its exit event; requests in flight are lost either way.
    this.#child.stdin.on('error', () => undefined);
    this.#child.on('error', (error) => this.#fail(String(error)));
    this.#child.on('close', (code, signal) => this.#fail(`it ended with ${signal ?? `exit code ${code}`}`));
  }

  /** The answer to a request. Rejects if the process ends first. */
  ask(request) {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null)
      return Promise.reject(new Error(`${this.#name}: its process has ended\n${this.#errors.join('\n')}`));
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
      this.#child.stdin.write(`${JSON.stringify(request)}\n`);
    });
  }

  /**
   * Ends the process and waits until its memory is free for the next. It ends with its input, which also ends one in a
   * container; one that is still at work then is killed.
   */
  async stop() {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const closed = new Promise((resolve) => this.#child.once('close', resolve));
    this.#child.stdin.end();
    const kill = setTimeout(() => this.#child.kill('SIGKILL'), ENDS_WITHIN_MS);
    await closed;
    clearTimeout(kill);
  }

  #fail(why) {
    for (const { reject } of this.#waiting.splice(0))
      reject(new Error(`${this.#name}: ${why}\n${this.#errors.join('\n')}`));
  }
}
