/** Tells on stderr what is being measured: a line that is overwritten on a terminal, a line per step elsewhere. */
export class Progress {
  readonly #started: number;
  #group = '';
  #shown = 0;

  /** @param started when the run began, in milliseconds since 1970. */
  constructor(started: number) {
    this.#started = started;
  }

  group(name: string, title: string): void {
    this.#clear();
    this.#group = name;
    process.stderr.write(`${this.#elapsed()} ${name}: ${title}\n`);
  }

  step(text: string): void {
    if (!process.stderr.isTTY || performance.now() - this.#shown < 100) return;
    this.#shown = performance.now();
    this.#clear();
    const line = `${this.#elapsed()} ${this.#group}: ${text}`;
    process.stderr.write(line.slice(0, (process.stderr.columns || 80) - 1));
  }

  end(): void {
    this.#clear();
    process.stderr.write(`${this.#elapsed()} done\n`);
  }

  #elapsed(): string {
    const seconds = Math.round((Date.now() - this.#started) / 1_000);
    return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
  }

  #clear(): void {
    if (process.stderr.isTTY) process.stderr.write('\r\u001b[2K');
  }
}
