import { existsSync } from 'node:fs';
import { chromium, type Browser, type Page } from 'playwright-core';

const CANDIDATES = [process.env.NASC_CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser'];

const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** A page of its own context (its own local storage), and what went wrong in it. */
export interface WatchedPage {
  readonly page: Page;
  /** Uncaught errors and what was logged as an error, in order. */
  readonly problems: string[];
}

/** Opens empty pages in the one browser of a test file. */
export type OpenPage = () => Promise<WatchedPage>;

/** For what never comes; a busy machine is much faster. Below the limit of jest, so that it is told what. */
const PATIENCE = 100_000;

let launching: Promise<Browser> | undefined;
// Importing this file is enough.
afterAll(async () => (await launching)?.close());

/**
 * A `describe` whose tests have a real Chromium, with a fresh profile. Where none is installed the tests are
 * skipped, and the title says so; under `CI` that is a failure. `NASC_CHROMIUM` names another executable.
 */
export function describeInBrowser(title: string, body: (openPage: OpenPage) => void): void {
  const executablePath = CANDIDATES.find((path) => path !== undefined && existsSync(path));
  if (executablePath !== undefined) {
    describe(title, () => withBrowser(executablePath, body));
  } else if (process.env.CI) {
    describe(title, () => {
      it('has a Chromium', () => {
        throw new Error('No Chromium found: apt-get install chromium, or name one in NASC_CHROMIUM.');
      });
    });
  } else {
    describe.skip(`${title} (skipped: no Chromium; apt-get install chromium)`, () =>
      body(() => Promise.reject(new Error('No Chromium.'))));
  }
}

function withBrowser(executablePath: string, body: (openPage: OpenPage) => void): void {
  let browser: Browser;
  beforeAll(async () => {
    // launch() makes a fresh userDataDir and removes it when the browser closes.
    browser = await (launching ??= chromium.launch({ executablePath, args: FLAGS, timeout: PATIENCE }));
  });
  afterEach(() => Promise.all(browser.contexts().map((context) => context.close())));
  body(async () => {
    const page = await (await browser.newContext()).newPage();
    page.setDefaultTimeout(PATIENCE);
    const problems: string[] = [];
    page.on('pageerror', (error) => problems.push(String(error)));
    page.on('console', (message) => {
      if (message.type() === 'error') problems.push(message.text());
    });
    return { page, problems };
  });
}
