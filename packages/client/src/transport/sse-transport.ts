import { WHOLE_EVENT, type ClientMessage, type WholeInstance } from '../protocol';
import { clientId } from './client-id';
import { NotSentError } from './not-sent-error';
import { readBatch, readWhole } from './read-batch';
import { RefusedError } from './refused-error';
import type { OpenTransport } from './transport';
import { UnansweredError } from './unanswered-error';

/** How long the server may take to answer an event, in milliseconds. */
const POST_TIMEOUT = 30_000;

/** Patches as Server-Sent Events; messages as POSTs, one after another so that they arrive in order. */
export const openSseTransport: OpenTransport = (base, cursor, listener) => {
  const id = clientId();
  const url = new URL(`nasc/stream?${new URLSearchParams({ clientId: id, cursor })}`, base);
  const stream = new EventSource(url);
  let last: Promise<void> = Promise.resolve();
  let whole: WholeInstance | undefined;
  let isClosed = false;

  const close = (): void => {
    isClosed = true;
    stream.onopen = stream.onmessage = stream.onerror = null;
    stream.close();
  };
  stream.onopen = () => listener.opened();
  stream.addEventListener(WHOLE_EVENT, ({ data }: MessageEvent<string>) => (whole = readWhole(data)));
  stream.onmessage = ({ data, lastEventId }: MessageEvent<string>) => {
    listener.received({ whole, ...readBatch(data), cursor: lastEventId });
    whole = undefined;
  };
  stream.onerror = () => {
    const hard = stream.readyState === EventSource.CLOSED;
    close();
    listener.closed(hard);
  };

  return {
    send(message) {
      const sent = last.then(
        () => {
          if (isClosed) throw new NotSentError('The connection has ended.');
          return post(new URL('nasc/event', base), { ...message, clientId: id });
        },
        () => {
          throw new NotSentError('A message before this one did not arrive.');
        },
      );
      last = sent.catch((error: unknown) => {
        if (!(error instanceof RefusedError)) throw error;
      });
      // The next message reports it; there might not be one.
      last.catch(() => undefined);
      return sent;
    },
    close,
  };
};

async function post(url: URL, message: ClientMessage): Promise<void> {
  const body = JSON.stringify(message);
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body,
    // Lets an event arrive though the page is being left. Browsers allow this up to 64 KiB.
    keepalive: body.length < 20_000,
    signal: AbortSignal.timeout(POST_TIMEOUT),
  });
  if (answer.ok) return;
  const words = `The server answered ${answer.status}: ${(await answer.text()).slice(0, 500)}`;
  throw NOT_THERE.has(answer.status) ? new UnansweredError(words) : new RefusedError(words);
}

/** From a proxy whose server is down, from a server that is closing, and from one whose store is busy. */
const NOT_THERE = new Set([502, 503, 504]);
