import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { WS_SUBPROTOCOL, type Envelope } from '@nasc/client';
import { isJsonObject, loadOptional } from '@nasc/store-core';
import type * as ws from 'ws';
import type { RawData, WebSocket, WebSocketServer } from 'ws';
import type { Access } from './access';
import { MAX_NAME_LENGTH, parseMessage } from '../handlers/client-message';
import { readCursor } from '../views/cursor';
import type { Engine, Sender } from '../events/engine';
import { messageForClient } from '../instances/engine-error';
import { patchesJson } from '../views/patches-json';
import { Viewer } from '../views/viewer';

/** Limits of each socket, in bytes. */
export interface SocketLimits {
  /** Longest message. A longer one closes its socket. */
  maxMessage: number;
  /** How much can wait for a slow reader. */
  maxUnsent: number;
}

const PING_MS = 30_000;
/** The optional peer dependency. */
const WS = { name: 'ws', neededFor: 'WebSockets', from: __filename };
/** How many messages of one socket are handled at once; more wait in the network. */
const MAX_IN_FLIGHT = 64;

/**
 * The WebSockets, on path `/` of the server. Frames to the client are arrays of patches. For clients that ask
 * for the subprotocol they are `{ cursor, patches }`; those clients can resume with `/?cursor=…`, and their
 * messages with an `eventId` are acknowledged.
 */
export class Sockets {
  readonly #server: Server;
  readonly #engine: Engine;
  readonly #access: Access;
  readonly #limits: SocketLimits;
  #sockets: WebSocketServer | undefined;
  #closed = false;

  constructor(server: Server, engine: Engine, access: Access, limits: SocketLimits) {
    this.#server = server;
    this.#engine = engine;
    this.#access = access;
    this.#limits = limits;
    server.on('upgrade', this.#upgrade);
  }

  /** Close all sockets and accept no more. */
  close(): void {
    this.#closed = true;
    this.#server.off('upgrade', this.#upgrade);
    for (const socket of this.#sockets?.clients ?? []) socket.close(1001, 'The server is closing.');
    this.#sockets?.close();
  }

  readonly #upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    // Node has removed its own listener, and an unhandled reset would end the process.
    socket.on('error', () => socket.destroy());
    if (urlOf(request)?.pathname !== '/') {
      // It is for another upgrade listener, if there is one.
      if (this.#server.listenerCount('upgrade') === 1) refuse(socket, '404 Not Found');
    } else if (!this.#access.isAllowedOrigin(request)) refuse(socket, '403 Forbidden');
    else {
      const sockets = this.#webSockets();
      if (sockets === undefined) refuse(socket, '501 Not Implemented');
      else sockets.handleUpgrade(request, socket, head, (opened) => this.#serve(opened, request));
    }
  };

  #webSockets(): WebSocketServer | undefined {
    try {
      this.#sockets ??= new (loadOptional<typeof ws>(WS).WebSocketServer)({
        noServer: true,
        maxPayload: this.#limits.maxMessage,
        handleProtocols: (offered) => (offered.has(WS_SUBPROTOCOL) ? WS_SUBPROTOCOL : false),
      });
    } catch (error) {
      this.#engine.logger.error({ err: error }, 'WebSockets are unavailable.');
    }
    return this.#sockets;
  }

  #serve(socket: WebSocket, request: IncomingMessage): void {
    const viewer = this.#viewer(socket, request);
    const sender = this.#sender(viewer, request);
    let inFlight = 0;
    socket.on('message', (data) => {
      // Not answered: the client sends it again to the next server.
      if (this.#closed || this.#engine.isClosed) return;
      if (++inFlight >= MAX_IN_FLIGHT) socket.pause();
      void this.#receive(data, sender, viewer, socket).finally(() => {
        if (--inFlight < MAX_IN_FLIGHT && socket.isPaused) socket.resume();
      });
    });
    socket.on('error', (error) => this.#engine.logger.warn({ err: error }, 'A WebSocket failed.'));
    const stopPinging = keepAlive(socket);
    socket.on('close', () => {
      stopPinging();
      this.#engine.leave(viewer);
    });
    const cursor = urlOf(request)?.searchParams.get('cursor');
    if (typeof cursor === 'string') this.#engine.resume(viewer, readCursor(cursor));
  }

  /** Resolves when the client can send more. */
  async #receive(data: RawData, sender: Sender, viewer: Viewer, socket: WebSocket): Promise<void> {
    try {
      const message = parseMessage(textOf(data));
      const { failure } = await this.#engine.process(message, sender);
      if (isEnveloped(socket)) await acknowledge(socket, message, failure?.message);
    } catch (error) {
      this.#engine.logger.warn({ err: error }, 'event refused');
      viewer.send([{ action: 'error', message: messageForClient(error) }]);
    }
  }

  #viewer(socket: WebSocket, request: IncomingMessage): Viewer {
    const viewer: Viewer = new Viewer({
      send: (patches, cursor, whole) => {
        const json = patchesJson(patches);
        const frame = isEnveloped(socket) ? envelope(json, { cursor, whole }) : json;
        socket.send(frame, () => viewer.drained());
      },
      isCongested: () => socket.readyState !== socket.OPEN || socket.bufferedAmount > this.#limits.maxUnsent,
      mayView: (type, id) => this.#access.may(request, { type, id, event: 'view' }),
    });
    return viewer;
  }

  /** Answers in the order of the questions, so that messages keep their order. */
  #sender(viewer: Viewer, request: IncomingMessage): Sender {
    let earlier: Promise<unknown> = Promise.resolve();
    return {
      viewers: () => [viewer],
      may: (target) => {
        const answer = earlier.then(() => this.#access.may(request, target));
        earlier = answer.catch(() => false);
        return answer;
      },
    };
  }
}

function isEnveloped(socket: WebSocket): boolean {
  return socket.protocol === WS_SUBPROTOCOL;
}

/** @param patches as JSON. */
function envelope(patches: string, fields: Omit<Envelope, 'patches'>): string {
  return `${JSON.stringify(fields).slice(0, -1)},"patches":${patches}}`;
}

/**
 * Say that the server is done with a message. Resolves when that is sent, so that a slow reader gets no more.
 */
async function acknowledge(socket: WebSocket, message: unknown, error: string | undefined): Promise<void> {
  const eventId = isJsonObject(message) ? message['eventId'] : undefined;
  if (typeof eventId !== 'string' || eventId.length > MAX_NAME_LENGTH) return;
  await new Promise((resolve) => socket.send(envelope('[]', { cursor: '', ack: eventId, error }), resolve));
}

/** `undefined` for an invalid URL, such as `//`. */
function urlOf({ url = '/' }: IncomingMessage): URL | undefined {
  return URL.canParse(url, BASE) ? new URL(url, BASE) : undefined;
}

const BASE = 'http://localhost';

/** Answer, and release the socket whether or not the client does. */
function refuse(socket: Duplex, status: string): void {
  socket.once('finish', () => socket.destroy());
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}

/** Detects connections that died silently. */
function keepAlive(socket: WebSocket): () => void {
  let isAlive = true;
  socket.on('pong', () => (isAlive = true));
  const timer = setInterval(() => {
    if (!isAlive) socket.terminate();
    isAlive = false;
    socket.ping();
  }, PING_MS).unref();
  return () => clearInterval(timer);
}

function textOf(data: RawData): string {
  if (Array.isArray(data)) return Buffer.concat(data).toString('utf8');
  return (Buffer.isBuffer(data) ? data : Buffer.from(data)).toString('utf8');
}
