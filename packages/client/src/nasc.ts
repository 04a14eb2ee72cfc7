import { connect, type ConnectOptions } from './connect';

export { connect };

declare global {
  interface Window {
    /** Options for a page that connects by itself, set by a script before this one. */
    NASC_OPTIONS?: ConnectOptions;
  }
}

/** A module script runs once, after the document has been parsed: `<body na-connect>` is there by now. */
if (document.body?.hasAttribute('na-connect')) connect();
