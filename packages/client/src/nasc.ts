import { connect, type ConnectOptions } from './connect';

export { connect };

declare global {
  interface Window {
    /** Options of a page that connects by itself, set by a script before this one. */
    NASC_OPTIONS?: ConnectOptions;
  }
}

/** A module script runs when the document has been parsed, and once: `<body na-connect>` is there to be seen. */
if (document.body?.hasAttribute('na-connect')) connect();
