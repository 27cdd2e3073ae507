import { describe, expect, it } from 'vitest';
import type { PagePort } from '../../../electron/contract/pages/page-messages.ts';
import { exposePage } from '../../../electron/shell/electron/page-bridge.ts';

/** The preload script's surroundings. */
function preload(address: string, top = true) {
  const exposed: Record<string, unknown> = {};
  const sent: unknown[][] = [];
  let tell: (event: unknown, text: unknown) => void = () => undefined;
  let drop: (event: never) => void = () => undefined;
  const { protocol, host, origin } = new URL(address);
  const window = {};
  exposePage({
    contextBridge: {
      exposeInMainWorld: (name: string, api: unknown) => {
        exposed[name] = api;
      },
    },
    ipcRenderer: {
      send: (...args: unknown[]) => void sent.push(args),
      on: ((_channel: string, listener: typeof tell) => {
        tell = listener;
      }) as never,
    },
    webUtils: { getPathForFile: (file) => (file as unknown as { path: string }).path },
    page: {
      location: { protocol, host, origin },
      top: top ? window : {},
      window,
      addEventListener: (_type, listener) => {
        drop = listener as never;
      },
    },
  });
  const port = exposed.buletin as PagePort | undefined;
  return {
    exposed,
    sent,
    port,
    tell: (text: unknown) => tell({}, text),
    drop: (event: object) => drop(event as never),
  };
}

describe('the preload script', () => {
  it('gives our own page two functions, and no more', () => {
    const { exposed, port } = preload('buletin://app/index.html');
    expect(Object.keys(exposed)).toEqual(['buletin']);
    expect(Object.keys(port ?? {}).sort()).toEqual(['onMessage', 'send']);
  });

  it.each([
    ['https://example.org/', true],
    ['file:///index.html', true],
    ['data:text/html,x', true],
    ['buletin://other/index.html', true],
    ['https://app/index.html', true],
    ['buletin://app/index.html', false],
  ])('gives %s (top: %s) nothing', (address, top) => {
    const { exposed, sent } = preload(address, top);
    expect(exposed).toEqual({});
    expect(sent).toEqual([]);
  });

  it('carries texts both ways and nothing that is no text', () => {
    const { port, sent, tell } = preload('buletin://pin/pin.html');
    port?.send('{"type":"hello"}');
    port?.send({ type: 'hello' } as never);
    expect(sent).toEqual([['buletin:from-page', '{"type":"hello"}']]);
    tell('first');
    const heard: string[] = [];
    port?.onMessage((text) => heard.push(text));
    tell('second');
    tell({ third: true });
    expect(heard).toEqual(['first', 'second']);
  });

  it('tells the shell what a person dropped on the main page', () => {
    const file = (path: string) => ({ path });
    const main = preload('buletin://app/index.html');
    main.drop({ isTrusted: true, dataTransfer: { files: [file('/a.pdf'), file('')] } });
    main.drop({ isTrusted: false, dataTransfer: { files: [file('/made-up.pdf')] } });
    main.drop({ isTrusted: true, dataTransfer: null });
    expect(main.sent).toEqual([['buletin:dropped', ['/a.pdf']]]);
    const pin = preload('buletin://pin/pin.html');
    pin.drop({ isTrusted: true, dataTransfer: { files: [file('/a.pdf')] } });
    expect(pin.sent).toEqual([]);
  });
});
