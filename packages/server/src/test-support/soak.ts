import { CounterClient } from './counter-client';
import { LastingServer } from './lasting-server';

/** How much. */
export interface SoakPlan {
  /** Where the counters are. */
  file: string;
  servers: number;
  clients: number;
  instances: number;
  increments: number;
  /** Servers killed and started again, evenly over the run. */
  kills: number;
}

/** How it went. */
export interface SoakReport {
  /** What each counter must be. */
  expected: Map<string, number>;
  /** What each client's page shows in the end. */
  shown: ReadonlyMap<string, unknown>[];
  kills: number;
  resent: number;
  seconds: number;
}

/** Increments of one client under way at once. */
const WINDOW = 4;

/** Servers in processes of their own that share a file, killed while clients increment counters. */
export async function soak(plan: SoakPlan): Promise<SoakReport> {
  const started = performance.now();
  const names = Array.from({ length: plan.instances }, (_, i) => `counter-${i}`);
  const servers = Array.from({ length: plan.servers }, () => new LastingServer(plan.file));
  const clients = Array.from({ length: plan.clients }, (_, i) => {
    const server = servers[i % plan.servers]!;
    return new CounterClient(`client-${i}`, i % 2 === 0 ? 'sse' : 'ws', () => server.url(), names);
  });
  const expected = new Map(names.map((name) => [name, 0]));
  let next = 0;
  let kills = 0;
  const work = async (client: CounterClient): Promise<void> => {
    while (next < plan.increments) {
      const number = next++;
      const name = names[number % names.length]!;
      expected.set(name, expected.get(name)! + 1);
      const isKill = number > 0 && number % Math.ceil(plan.increments / (plan.kills + 1)) === 0;
      if (isKill) kills++;
      // One in two is killed in the worst moment, between commit and answer; the other in whatever moment it is.
      const event = isKill && kills % 2 === 0 ? 'die' : 'increment';
      if (isKill && event === 'increment') void servers[kills % plan.servers]!.kill();
      await client.send(event, name, `event-${number}`);
    }
  };
  await Promise.all(clients.flatMap((client) => Array.from({ length: WINDOW }, () => work(client))));
  await Promise.all(clients.map((client) => client.shows(expected)));
  await Promise.all(clients.map((client) => client.close()));
  await Promise.all(servers.map((server) => server.stop()));
  const resent = clients.reduce((sum, client) => sum + client.resent, 0);
  const seconds = (performance.now() - started) / 1_000;
  return { expected, shown: clients.map(({ counts }) => counts), kills, resent, seconds };
}
