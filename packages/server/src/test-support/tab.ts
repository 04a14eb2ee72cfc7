import { WHOLE_EVENT, type Envelope, type Patch, type WholeInstance } from '@nasc/client';
import { WebSocket } from 'ws';
import { sendEvent } from './send-event';
import { Inbox, type Delivery } from './inbox';

/** One browser tab: its connection, whichever kind it is. */
export interface Tab {
  /** The next that comes. */
  next(): Promise<Delivery>;
  /** Send a message; a string goes as it is. */
  send(message: unknown): Promise<void>;
  /** Resolves when the server or {@link Tab.close} has ended the connection. */
  readonly ended: Promise<void>;
  close(): void;
  /** Over WebSocket only. */
  readonly socket?: WebSocket;
}

/** An EventSource, read over fetch; sends by POST with its client id. `cursor` is `&cursor=`, an empty one too. */
export async function openSse(
  url: string,
  clientId: string,
  headers: Record<string, string> = {},
  cursor?: string,
): Promise<Tab> {
  const inbox = new Inbox();
  const abort = new AbortController();
  const query = new URLSearchParams({ clientId, ...(cursor !== undefined && { cursor }) });
  const response = await fetch(`${url}/nasc/stream?${query}`, {
    headers,
    signal: abort.signal,
  });
  if (!response.ok || response.body === null) throw new Error(`The stream answered ${response.status}.`);
  const ended = readEvents(response.body, inbox);
  return {
    next: () => inbox.next(),
    send: async (message) => {
      await sendEvent(url, typeof message === 'string' ? message : { ...(message as object), clientId });
    },
    ended,
    close: () => abort.abort(),
  };
}

/** A WebSocket. */
export async function openWs(
  url: string,
  {
    protocols = [],
    path = '/',
    headers = {},
  }: { protocols?: string[]; path?: string; headers?: Record<string, string> } = {},
): Promise<Tab & { socket: WebSocket }> {
  const inbox = new Inbox();
  const socket = new WebSocket(url.replace('http', 'ws') + path, protocols, { headers });
  socket.on('message', (data: Buffer) =>
    inbox.push(fromFrame(JSON.parse(data.toString()) as Patch[] | Envelope)),
  );
  const ended = new Promise<void>((resolve) => {
    socket.on('close', () => {
      inbox.end();
      resolve();
    });
  });
  await new Promise<void>((resolve, reject) => {
    socket.once('open', resolve);
    // A reset after it has opened is told by `close`.
    socket.on('error', reject);
  });
  return {
    next: () => inbox.next(),
    send: async (message) => socket.send(typeof message === 'string' ? message : JSON.stringify(message)),
    ended,
    close: () => socket.terminate(),
    socket,
  };
}

function fromFrame(frame: Patch[] | Envelope): Delivery {
  return Array.isArray(frame) ? { cursor: '', patches: frame } : frame;
}

async function readEvents(body: ReadableStream<Uint8Array>, inbox: Inbox): Promise<void> {
  const decoder = new TextDecoder();
  let text = '';
  let whole: WholeInstance | undefined;
  try {
    for await (const chunk of body) {
      text += decoder.decode(chunk, { stream: true });
      const events = text.split('\n\n');
      text = events.pop() ?? '';
      for (const event of events) {
        const { name, id = '', data } = readEvent(event);
        if (name === WHOLE_EVENT) whole = JSON.parse(data ?? '') as WholeInstance;
        else if (data !== undefined) {
          inbox.push({ cursor: id, patches: JSON.parse(data) as Patch[], ...(whole && { whole }) });
          whole = undefined;
        }
      }
    }
  } catch (error) {
    // A server that is killed ends its streams in the middle.
    if ((error as Error).name !== 'AbortError' && (error as Error).message !== 'terminated') throw error;
  } finally {
    inbox.end();
  }
}

function readEvent(event: string): {
  name?: string | undefined;
  id?: string | undefined;
  data?: string | undefined;
} {
  const lines = event.split('\n').filter((line) => line !== '' && !line.startsWith(':'));
  const field = (name: string) => lines.find((line) => line.startsWith(`${name}: `))?.slice(name.length + 2);
  return { name: field('event'), id: field('id'), data: field('data') };
}
