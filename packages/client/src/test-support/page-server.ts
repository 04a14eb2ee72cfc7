import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { join } from 'node:path';
import { WebSocketServer, type WebSocket } from 'ws';
import { WHOLE_EVENT, type ClientMessage, type Patch, type WholeInstance } from '../protocol';

/** A message as the client sent it. */
export interface Received {
  readonly over: 'sse' | 'ws';
  readonly message: ClientMessage;
}

/** One open stream of patches, whatever carries it. */
interface Stream {
  /** @param whole the instance whose whole state the frame is */
  send(frame: string, whole?: WholeInstance): void;
  end(): void;
}

/** The position of every frame. */
export const CURSOR = 'List:1:e:7';

const BUNDLE = join(__dirname, '../../dist/nasc.js');

/** A small server that speaks the wire: it serves one page, notes what it receives, sends what the test says. */
export class PageServer {
  readonly received: Received[] = [];
  /** The cursors that the streams came with, `""` or null for none. */
  readonly cursors: (string | null)[] = [];
  /** The status of the answer to a stream's request; anything but 200 closes the stream hard. */
  streamStatus = 200;
  /** The status of the answer to a posted event. */
  eventStatus = 202;
  /** The Content-Security-Policy of the page. */
  policy = "default-src * data: 'unsafe-inline'";
  /** What the answer to an event waits for. */
  beforeAnswer: Promise<void> = Promise.resolve();
  /** What is answered to a mount at once. */
  onMount: (message: ClientMessage) => readonly Patch[] = () => [];
  readonly #streams = new Set<Stream>();
  readonly #watchers = new Set<() => void>();
  readonly #sockets = new Set<Socket>();
  #server: Server;
  #port = 0;

  /** @param html the page */
  constructor(public html: string) {
    this.#server = this.#create();
  }

  /** The address of the page. */
  get url(): string {
    return `http://127.0.0.1:${this.#port}/`;
  }

  /** Listens; after `stop`, on the same port. */
  async start(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(this.#port, '127.0.0.1', resolve));
    this.#port = (this.#server.address() as AddressInfo).port;
  }

  /** Cuts every connection and listens no more. */
  async stop(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#sockets.forEach((socket) => socket.destroy());
    await closed;
    this.#streams.clear();
    this.#server = this.#create();
  }

  /** Sends patches to every open stream. */
  send(...patches: Patch[]): void {
    this.sendRaw(JSON.stringify(patches));
  }

  /** Sends patches that are the whole of an instance. */
  sendWhole(whole: WholeInstance, ...patches: Patch[]): void {
    this.#streams.forEach((stream) => stream.send(JSON.stringify(patches), whole));
  }

  /** Sends one frame, which may be nonsense. */
  sendRaw(frame: string): void {
    this.#streams.forEach((stream) => stream.send(frame));
  }

  /** Ends the open streams, as a server does that shuts down. */
  endStreams(): void {
    this.#streams.forEach((stream) => stream.end());
  }

  /** Resolves as soon as so many messages with this event have come, with the last of them. */
  async event(name: string, count = 1): Promise<Received> {
    for (;;) {
      const found = this.received.filter(({ message }) => message.event === name);
      if (found.length >= count) return found[count - 1]!;
      await new Promise<void>((resolve) => this.#watchers.add(resolve));
    }
  }

  #create(): Server {
    const server = createServer((request, response) => void this.#answer(request, response));
    server.on('connection', (socket) => {
      this.#sockets.add(socket);
      socket.on('close', () => this.#sockets.delete(socket));
    });
    new WebSocketServer({ server }).on('connection', (socket, request) => this.#onSocket(socket, request));
    return server;
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = new URL(request.url ?? '/', this.url).pathname;
    if (path === '/') {
      response.setHeader('Content-Security-Policy', this.policy);
      return void response.setHeader('Content-Type', 'text/html').end(this.html);
    }
    if (path === '/nasc.js') {
      return void response.setHeader('Content-Type', 'text/javascript').end(readFileSync(BUNDLE));
    }
    if (path === '/nasc/stream') return this.#openStream(request, response);
    if (path !== '/nasc/event') return void response.writeHead(204).end();
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { eventStatus, beforeAnswer } = this;
    this.#receive('sse', Buffer.concat(chunks).toString());
    await beforeAnswer;
    response.writeHead(eventStatus).end(JSON.stringify({ ok: eventStatus < 300 }));
  }

  #openStream(request: IncomingMessage, response: ServerResponse): void {
    if (this.streamStatus !== 200) return void response.writeHead(this.streamStatus).end();
    response.writeHead(200, { 'Content-Type': 'text/event-stream' }).write(':\n\n');
    this.#watch(request, response, {
      send: (frame, whole) => {
        if (whole !== undefined) response.write(`event: ${WHOLE_EVENT}\ndata: ${JSON.stringify(whole)}\n\n`);
        response.write(`id: ${CURSOR}\ndata: ${frame}\n\n`);
      },
      end: () => void response.end(),
    });
  }

  #onSocket(socket: WebSocket, request: IncomingMessage): void {
    const envelope = (frame: string, whole: WholeInstance | undefined): string =>
      JSON.stringify({ cursor: CURSOR, patches: JSON.parse(frame) as Patch[], whole });
    this.#watch(request, socket, {
      send: (frame, whole) => socket.send(frame.startsWith('[') ? envelope(frame, whole) : frame),
      end: () => socket.close(),
    });
    socket.on('message', (data) => {
      const { beforeAnswer } = this;
      const { eventId: ack } = this.#receive('ws', String(data));
      if (ack === undefined) return;
      void beforeAnswer.then(() => socket.send(JSON.stringify({ cursor: '', patches: [], ack })));
    });
  }

  #watch(request: IncomingMessage, connection: WebSocket | ServerResponse, stream: Stream): void {
    this.cursors.push(new URL(request.url ?? '/', this.url).searchParams.get('cursor'));
    this.#streams.add(stream);
    connection.on('close', () => this.#streams.delete(stream));
  }

  #receive(over: 'sse' | 'ws', text: string): ClientMessage {
    const message = JSON.parse(text) as ClientMessage;
    this.received.push({ over, message });
    const answer = message.event === 'mount' ? this.onMount(message) : [];
    if (answer.length > 0) this.send(...answer);
    const watchers = [...this.#watchers];
    this.#watchers.clear();
    watchers.forEach((resolve) => resolve());
    return message;
  }
}
