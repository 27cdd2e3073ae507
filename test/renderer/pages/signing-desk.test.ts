import { beforeEach, describe, expect, it, vi } from 'vitest';
import { HostLink } from '../../../renderer/app/host-link.ts';
import { WindowStore } from '../../../renderer/app/window-store.ts';
import { SigningDesk } from '../../../renderer/pages/sign/signing-desk.ts';
import { samples } from '../../../renderer/test-support/documents.ts';
import { reader, twoCertificateCard } from '../../../renderer/test-support/people.ts';
import { scenario } from '../../../renderer/test-support/scenarios.ts';
import { ScriptedPort, type ScriptedPortOptions } from '../../../renderer/test-support/scripted-port.ts';

const turn = () => new Promise<void>((resolve) => setTimeout(resolve, 0));
const id = (index: number) => samples[index]?.file.id ?? '';

async function open(name: Parameters<typeof scenario>[0], options: ScriptedPortOptions = {}) {
  const port = new ScriptedPort(scenario(name), options);
  const store = new WindowStore();
  const link = new HostLink(port, store);
  link.start();
  await turn();
  return { port, store, desk: new SigningDesk(link, store) };
}
type Opened = Awaited<ReturnType<typeof open>>;

const requests = (port: ScriptedPort, method: string) =>
  port.said.filter((message) => message.type === 'request' && message.method === method);

describe('choosing documents', () => {
  it('lays down what was chosen and opens the first', async () => {
    const { desk } = await open('ready');
    await desk.choose();
    expect(desk.get().documents.map(({ name }) => name)).toEqual([
      'Contract de locațiune.pdf',
      'Act de primire.pdf',
    ]);
    expect(desk.get().open).toBe(id(0));
    expect(desk.get().choosing).toBe(false);
  });

  it('keeps a document once, however often it is chosen', async () => {
    const { desk } = await open('ready');
    await desk.choose();
    await desk.choose();
    expect(desk.get().documents).toHaveLength(2);
  });

  it('changes nothing when the dialog was cancelled', async () => {
    const { desk } = await open('ready', {
      answer: (method) => (method === 'host.documents.choose' ? { result: { documents: [] } } : undefined),
    });
    await desk.choose();
    expect(desk.get()).toMatchObject({ documents: [], choosing: false, failure: null });
  });

  it('says why nothing could be chosen', async () => {
    const { desk } = await open('ready', {
      answer: (method) => (method === 'host.documents.choose' ? { failure: 'input-unreadable' } : undefined),
    });
    await desk.choose();
    expect(desk.get().failure?.code).toBe('input-unreadable');
  });

  it('takes a thousand and says that there were more', async () => {
    const many = Array.from({ length: 1001 }, (_, index) => ({
      id: `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`,
      name: `${index}.pdf`,
      size: 1,
    }));
    const { desk } = await open('ready', {
      answer: (method) => (method === 'host.documents.choose' ? { result: { documents: many } } : undefined),
    });
    await desk.choose();
    expect(desk.get().documents).toHaveLength(1000);
    expect(desk.get().tooMany).toBe(true);
  });

  it('opens the neighbour of a document that is taken off', async () => {
    const { desk } = await open('ready');
    await desk.choose();
    desk.remove(id(0));
    expect(desk.get().documents.map((one) => one.id)).toEqual([id(1)]);
    expect(desk.get().open).toBe(id(1));
    desk.remove(id(1));
    expect(desk.get()).toMatchObject({ documents: [], open: null });
  });
});

describe('signing', () => {
  it('asks once for all documents, with reason and place as they were meant', async () => {
    const { desk, port } = await open('sign-done');
    await desk.choose();
    desk.write({ reason: '  Aprobat ', location: '   ' });
    await desk.sign();
    expect(requests(port, 'host.documents.sign')).toEqual([
      expect.objectContaining({ params: { ids: [id(0), id(1)], reason: 'Aprobat' } }),
    ]);
    expect(desk.get().results?.map(({ output }) => output)).toEqual([
      'Contract de locațiune.signed.pdf',
      'Act de primire.signed.pdf',
    ]);
    expect(desk.get().signing).toBe('no');
  });

  it('never asks a second time while it runs', async () => {
    const { desk, port } = await open('ready');
    await desk.choose();
    void desk.sign();
    void desk.sign();
    void desk.choose();
    desk.remove(id(0));
    desk.clear();
    await turn();
    expect(requests(port, 'host.documents.sign')).toHaveLength(1);
    expect(requests(port, 'host.documents.choose')).toHaveLength(1);
    expect(desk.get().documents).toHaveLength(2);
  });

  it('leaves the rest on the desk for another try', async () => {
    const { desk } = await open('sign-some');
    await desk.choose();
    await desk.sign();
    desk.again();
    expect(desk.get().documents.map((one) => one.id)).toEqual([id(2), id(3)]);
    expect(desk.get().results).toBeNull();
  });

  it('is called off by the person', async () => {
    const { desk, port } = await open('ready');
    await desk.choose();
    const signing = desk.sign();
    await turn();
    desk.cancel();
    expect(desk.get().signing).toBe('cancelling');
    await signing;
    expect(port.said.filter(({ type }) => type === 'cancel')).toHaveLength(1);
    expect(desk.get()).toMatchObject({ signing: 'no', results: null });
    expect(desk.get().failure?.code).toBe('cancelled');
    expect(desk.get().documents).toHaveLength(2);
  });
});

describe('when the card goes', () => {
  let opened: Opened;
  beforeEach(async () => {
    opened = await open('sign-done');
    await opened.desk.choose();
  });

  it('is empty in the same turn', () => {
    const { desk, port } = opened;
    port.event({ kind: 'readers', service: { state: 'running' }, readers: [reader('empty')] });
    expect(desk.get()).toMatchObject({ documents: [], open: null, cleared: true, failure: null });
  });

  it('drops results, reason and place with it', async () => {
    const { desk, port } = opened;
    desk.write({ reason: 'Aprobat', location: 'Orhei' });
    await desk.sign();
    port.removeCard();
    expect(desk.get()).toMatchObject({ results: null, reason: '', location: '', cleared: true });
  });

  it('drops an answer that comes too late, and says that the signing broke off', async () => {
    const { desk, port } = opened;
    const signing = desk.sign();
    port.removeCard();
    await signing;
    expect(desk.get().results).toBeNull();
    expect(desk.get().failure?.code).toBe('card-removed');
  });

  it('is empty when another card lies there', () => {
    const { desk, port } = opened;
    port.event({
      kind: 'token',
      reader: reader('present').name,
      token: twoCertificateCard({ serial: 'B50000099' }),
    });
    expect(desk.get().documents).toEqual([]);
  });

  it('keeps everything through a restart of the agent, when the same card is read again', () => {
    const { desk, port } = opened;
    const { snapshot } = scenario('ready');
    if (snapshot === null) throw new Error('the scenario has an agent');
    port.say({ type: 'agent-down', final: false });
    expect(desk.get().documents).toHaveLength(2);
    port.say({
      type: 'agent-up',
      restarts: 1,
      snapshot: { ...snapshot, token: null, reader: null, session: { state: 'reading' } },
    });
    expect(desk.get().documents).toHaveLength(2);
    port.event({ kind: 'token', reader: reader('present').name, token: twoCertificateCard() });
    expect(desk.get().documents).toHaveLength(2);
  });

  it('waits for an agent that came back and does not know its readers yet', () => {
    vi.useFakeTimers();
    try {
      const { desk, port } = opened;
      const { snapshot } = scenario('no-reader');
      if (snapshot === null) throw new Error('the scenario has an agent');
      port.say({ type: 'agent-down', final: false });
      port.say({ type: 'agent-up', restarts: 1, snapshot });
      expect(desk.get()).toMatchObject({ documents: [{}, {}], cleared: false });
      port.event({ kind: 'readers', service: { state: 'running' }, readers: [reader('present')] });
      expect(desk.get().documents).toHaveLength(2);
      // A card that cannot be read again is not waited for for ever.
      vi.advanceTimersByTime(10_000);
      expect(desk.get()).toMatchObject({ documents: [], cleared: true });
    } finally {
      vi.useRealTimers();
    }
  });

  it('is empty when the card went while the agent was away', () => {
    const { desk, port } = opened;
    const { snapshot } = scenario('place-card');
    if (snapshot === null) throw new Error('the scenario has an agent');
    port.say({ type: 'agent-down', final: false });
    port.say({ type: 'agent-up', restarts: 1, snapshot });
    expect(desk.get()).toMatchObject({ documents: [], cleared: true });
  });

  it('keeps everything when only the session ends', async () => {
    const { desk, port } = opened;
    port.event({ kind: 'session', session: { state: 'wiped', wipedBecause: 'idle' } });
    expect(desk.get().documents).toHaveLength(2);
  });
});

it('keeps what was chosen before a card came', async () => {
  const { desk, port } = await open('place-card');
  await desk.choose();
  port.event({ kind: 'readers', service: { state: 'running' }, readers: [reader('present')] });
  port.event({ kind: 'token', reader: reader('present').name, token: twoCertificateCard() });
  expect(desk.get().documents).toHaveLength(2);
});

describe('documents that are dropped on the window', () => {
  const files = samples.map(({ file }) => file);

  it('are laid down, once, and leave the store', async () => {
    const { desk, port, store } = await open('ready');
    port.say({ type: 'documents', documents: files.slice(0, 1) });
    port.say({ type: 'documents', documents: files.slice(0, 2) });
    expect(desk.get().documents.map((one) => one.id)).toEqual([id(0), id(1)]);
    expect(store.get().dropped).toEqual([]);
  });

  it('wait while others are being signed', async () => {
    const { desk, port } = await open('ready');
    await desk.choose();
    const signing = desk.sign();
    port.say({ type: 'documents', documents: files.slice(2, 3) });
    expect(desk.get().documents).toHaveLength(2);
    desk.cancel();
    await signing;
    expect(desk.get().documents.map((one) => one.id)).toEqual([id(0), id(1), id(2)]);
  });

  it('go with the card like those that were chosen', async () => {
    const { desk, port } = await open('ready');
    port.say({ type: 'documents', documents: files });
    port.removeCard();
    expect(desk.get().documents).toEqual([]);
  });
});
