import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SqliteStore } from '@nasc/store-sqlite';
import express from 'express';
import type * as nasc from '../index';

/**
 * A server process with counters in an SQLite file: `node counter-server.ts <file> <port> [mortal]`. It uses the
 * built package, prints its port, and, when it is mortal, kills itself between the commit of `die` and the answer.
 */
const [file = '', port = '0', mortal] = process.argv.slice(2);
// By a name that the compiler does not follow: it need not be built to be checked.
const { attachNasc } = (await import('@nasc/server' as string)) as typeof nasc;

interface Counter {
  count: number;
}
const increment = (_payload: object, { count }: Counter): Counter => ({ count: count + 1 });

const app = express();
const server = createServer(app);
attachNasc({
  app,
  server,
  store: new SqliteStore(file),
  handlers: {
    Counter: {
      mount: (): Counter => ({ count: 0 }),
      increment,
      die: (payload: object, counter: Counter, ctx: nasc.HandlerContext) => {
        if (mortal !== undefined) ctx.afterCommit(() => process.kill(process.pid, 'SIGKILL'));
        return increment(payload, counter);
      },
    },
  },
  // Conflicts that were not to be resolved are told to the sender, who tries again.
  logger: { info: () => undefined, warn: () => undefined, error: () => undefined },
});
process.stdin.resume().once('end', () => process.exit());
server.listen(Number(port), '127.0.0.1');
await once(server, 'listening');
console.log((server.address() as AddressInfo).port);
