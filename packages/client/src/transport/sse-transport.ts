import type { ClientMessage } from '../protocol';
import { clientId } from './client-id';
import { readBatch } from './read-batch';
import { RefusedError } from './refused-error';
import type { OpenTransport } from './transport';

/** How long the server may take to accept an event, in milliseconds. */
const POST_TIMEOUT = 30_000;

/** Patches by Server-Sent Events; messages by POST, one after the other so that they arrive in order. */
export const openSseTransport: OpenTransport = (base, listener) => {
  const id = clientId();
  const stream = new EventSource(new URL(`nasc/stream?clientId=${encodeURIComponent(id)}`, base));
  let last: Promise<unknown> = Promise.resolve();

  stream.onopen = () => listener.opened();
  stream.onmessage = ({ data, lastEventId }: MessageEvent<string>) => {
    const { patches, cursor } = readBatch(data, lastEventId);
    listener.received(patches, cursor);
  };
  stream.onerror = () => {
    const hard = stream.readyState === EventSource.CLOSED;
    stream.onopen = stream.onmessage = stream.onerror = null;
    stream.close();
    listener.closed(hard);
  };

  return {
    send(message) {
      const sent = last.then(() => post(new URL('nasc/event', base), { ...message, clientId: id }));
      last = sent.catch(() => undefined);
      return sent;
    },
    close() {
      stream.onopen = stream.onmessage = stream.onerror = null;
      stream.close();
    },
  };
};

async function post(url: URL, message: ClientMessage): Promise<void> {
  const body = JSON.stringify(message);
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body,
    // An event of a page that is being left still arrives; browsers allow that up to 64 KiB.
    keepalive: body.length < 20_000,
    signal: AbortSignal.timeout(POST_TIMEOUT),
  });
  if (answer.ok) return;
  const words = `The server answered ${answer.status}: ${(await answer.text()).slice(0, 500)}`;
  throw answer.status < 500 ? new RefusedError(words) : new Error(words);
}
