import type { Setup } from '../setup.ts';

/** How a contestant is set up, for the sheet; `unavailable` where it cannot be had, and why. */
export type SetupNote = { readonly how: string } | { readonly unavailable: string };

/** One that keeps states: a store of ours, the bare driver, or a peer. */
export interface Contestant {
  readonly name: string;
  readonly setups: Readonly<Record<Setup, SetupNote>>;
  /** @param folder empty, and its own. */
  open(folder: string, setup: Setup): Promise<Kept>;
}

/** An open contestant. */
export interface Kept {
  /** Whether `write` and `read` give promises. */
  readonly isAsync: boolean;
  /** Resolves, or returns, when the write is as durable as the setup says. */
  write(id: string, state: object): unknown;
  read(id: string): unknown;
  close(): unknown;
}
