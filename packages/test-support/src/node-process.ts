import { spawn, type ChildProcessByStdio } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';

/** How a process ended, and all that it printed. */
export interface EndedProcess {
  /** `null` when a signal ended it. */
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** How to start a {@link NodeProcess}. */
export interface NodeProcessOptions {
  readonly cwd?: string | undefined;
  /** Default: that of this process. */
  readonly env?: NodeJS.ProcessEnv;
  /** Called with each line of stdout as it comes. */
  readonly onLine?: (line: string) => void;
}

const running = new Set<NodeProcess>();

/**
 * Node in a process of its own. Its output and its end are listened to from the moment it starts, so neither is
 * missed, however early it comes. Its stdin is open until {@link NodeProcess.closeInput} or the end of this process.
 */
export class NodeProcess {
  /** The whole lines that it has printed to stdout. */
  readonly lines: string[] = [];
  /** Resolves when it has ended and all its output is read. */
  readonly ended: Promise<EndedProcess>;
  readonly #child: ChildProcessByStdio<Writable, Readable, Readable>;
  readonly #watchers = new Set<() => void>();
  #stdout = '';
  #stderr = '';
  #rest = '';

  private constructor(argv: readonly string[], { cwd, env = process.env, onLine }: NodeProcessOptions) {
    this.#child = spawn(process.execPath, argv, { cwd, env, stdio: ['pipe', 'pipe', 'pipe'] });
    running.add(this);
    this.ended = new Promise((resolve, reject) => {
      this.#child.once('error', reject);
      this.#child.once('close', (code, signal) => {
        running.delete(this);
        resolve({ code, signal, stdout: this.#stdout, stderr: this.#stderr });
      });
    });
    this.#child.stdout.setEncoding('utf8').on('data', (text: string) => this.#read(text, onLine));
    this.#child.stderr.setEncoding('utf8').on('data', (text: string) => (this.#stderr += text));
    // It has ended, and does not read what is written to it; `ended` tells.
    this.#child.stdin.on('error', () => undefined);
  }

  /** Start `node` with these arguments. */
  static start(argv: readonly string[], options: NodeProcessOptions = {}): NodeProcess {
    return new NodeProcess(argv, options);
  }

  /** Kill what is still running of all that was started in this test file; for `afterEach`. */
  static async killAll(): Promise<void> {
    await Promise.all([...running].map((each) => each.kill()));
  }

  /**
   * What `find` makes of the lines, as soon as that is not `undefined`; asked again with each line.
   *
   * @throws Error with all its output, when the process ends before.
   */
  async until<T>(find: (lines: readonly string[]) => T | undefined): Promise<T> {
    let hasEnded = false;
    const ended = this.ended.then(() => (hasEnded = true));
    for (;;) {
      const found = find(this.lines);
      if (found !== undefined) return found;
      if (hasEnded) throw new Error(`The process ended before: ${this.#stdout}${this.#stderr}`);
      await Promise.race([ended, new Promise<void>((resolve) => this.#watchers.add(resolve))]);
    }
  }

  /** The first line that matches, as soon as there is one. */
  line(pattern: RegExp): Promise<string> {
    return this.until((lines) => lines.find((line) => pattern.test(line)));
  }

  /** Write to its stdin. */
  write(text: string): void {
    this.#child.stdin.write(text);
  }

  /** End its stdin. */
  closeInput(): void {
    this.#child.stdin.end();
  }

  /** Send a signal and wait for the end; of a process that has ended, how it did. */
  kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<EndedProcess> {
    this.#child.kill(signal);
    return this.ended;
  }

  #read(text: string, onLine: ((line: string) => void) | undefined): void {
    this.#stdout += text;
    const lines = (this.#rest + text).split('\n');
    this.#rest = lines.pop() ?? '';
    this.lines.push(...lines);
    for (const line of lines) onLine?.(line);
    const watchers = [...this.#watchers];
    this.#watchers.clear();
    for (const resolve of watchers) resolve();
  }
}
