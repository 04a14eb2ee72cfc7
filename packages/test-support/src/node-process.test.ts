import { NodeProcess } from './node-process';

afterEach(() => NodeProcess.killAll());

const script = (text: string): NodeProcess => NodeProcess.start(['-e', text]);

describe('NodeProcess', () => {
  it('tells an end that came before anybody asked', async () => {
    const child = script("console.log('a'); console.error('b'); process.exit(3)");
    await child.ended;
    const how = { code: 3, signal: null, stdout: 'a\n', stderr: 'b\n' };
    expect(await child.ended).toEqual(how);
    expect(await child.kill()).toEqual(how);
    expect(await child.line(/a/)).toBe('a');
  });

  it('waits for a line, also for one that comes in pieces', async () => {
    const seen: string[] = [];
    const text = "process.stdout.write('on'); process.stdin.once('data', () => console.log('e\\ntwo'))";
    const child = NodeProcess.start(['-e', text], { onLine: (line) => seen.push(line) });
    const two = child.until((lines) => lines[1]);
    child.write('go');
    expect([await two, await child.line(/^o/)]).toEqual(['two', 'one']);
    expect(seen).toEqual(['one', 'two']);
    child.closeInput();
    expect(await child.ended).toMatchObject({ code: 0 });
  });

  it('does not wait for a line of a process that has ended, and says what it printed', async () => {
    const child = script("console.log('other'); console.error('why')");
    await expect(child.line(/wanted/)).rejects.toThrow('other\nwhy');
    await expect(child.line(/wanted/)).rejects.toThrow('other\nwhy');
  });

  it('ends on a signal, and with all others', async () => {
    const [one, two] = [1, 2].map(() => script("console.log('up'); process.stdin.resume()"));
    await Promise.all([one?.line(/up/), two?.line(/up/)]);
    expect(await one?.kill('SIGTERM')).toMatchObject({ code: null, signal: 'SIGTERM' });
    await NodeProcess.killAll();
    expect(await two?.ended).toMatchObject({ code: null, signal: 'SIGKILL' });
  });
});
