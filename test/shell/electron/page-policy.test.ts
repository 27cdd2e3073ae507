import { describe, expect, it } from 'vitest';
import { somePrompt } from '../pages/page-pipe.ts';
import { startHost } from './host-rig.ts';
import { StoppableEvent } from './recording-electron.ts';

describe('a page', () => {
  it.each(['will-navigate', 'will-frame-navigate', 'will-redirect', 'will-attach-webview'])(
    'is stopped at %s',
    (name) => {
      const rig = startHost();
      rig.host.showMainWindow();
      const event = new StoppableEvent();
      rig.window(0).webContents.emit(name, event, 'https://example.org/');
      expect(event.defaultPrevented).toBe(true);
    },
  );

  it('opens no window and shows no address to others', () => {
    const rig = startHost();
    rig.host.showMainWindow();
    const { openHandler, webRtc } = rig.window(0).webContents;
    expect(openHandler?.({ url: 'buletin://app/index.html' })).toEqual({ action: 'deny' });
    expect(webRtc).toBe('disable_non_proxied_udp');
  });

  it.each(['main', 'pin'] as const)('of kind %s is refused every permission', (kind) => {
    const session = startHost().session(kind);
    const origin = kind === 'main' ? 'buletin://app' : 'buletin://pin';
    const asked = [
      ...['media', 'geolocation', 'notifications', 'midi', 'midiSysex', 'pointerLock', 'fullscreen', 'hid'],
      ...['openExternal', 'clipboard-read', 'display-capture', 'serial', 'usb', 'fileSystem', 'smart-card'],
      ...['window-management', 'persistent-storage', 'local-fonts', 'unknown'],
    ];
    expect(asked.filter((permission) => session.grants(permission, `${origin}/index.html`))).toEqual([]);
    expect(
      asked.filter((permission) => session.permissionCheck?.({}, permission, origin, { isMainFrame: true })),
    ).toEqual([]);
    expect(session.device?.({ deviceType: 'hid' })).toBe(false);
    let streams: object | null | undefined;
    session.displayMedia?.({}, (given) => {
      streams = given;
    });
    expect(streams).toBeNull();
  });

  it('may put text into the clipboard from the main frame of the main window, and nowhere else', () => {
    const rig = startHost();
    const write = 'clipboard-sanitized-write';
    expect(rig.session('main').grants(write, 'buletin://app/index.html')).toBe(true);
    expect(rig.session('main').grants(write, 'buletin://app/index.html', false)).toBe(false);
    expect(rig.session('main').grants(write, 'buletin://application/')).toBe(false);
    expect(rig.session('main').grants(write, 'https://example.org/')).toBe(false);
    expect(rig.session('pin').grants(write, 'buletin://pin/pin.html')).toBe(false);
  });

  it('downloads nothing, and no certificate is good enough for it', () => {
    const rig = startHost();
    for (const kind of ['main', 'pin'] as const) {
      const event = new StoppableEvent();
      rig.session(kind).emit('will-download', event, {}, {});
      expect(event.defaultPrevented).toBe(true);
      let verdict: number | undefined;
      rig.session(kind).certificate?.({ hostname: 'example.org' }, (result) => {
        verdict = result;
      });
      // 0 would accept, -3 would ask Chromium.
      expect(verdict).toBe(-2);
      expect(rig.session(kind).spellChecker).toBe(false);
    }
  });

  it.each([
    ['https://example.org/', false],
    ['http://127.0.0.1:9222/json', false],
    ['ws://example.org/', false],
    ['file:///etc/passwd', false],
    ['ftp://example.org/', false],
    ['chrome://settings/', false],
    ['data:text/html,x', false],
    ['devtools://devtools/bundled/inspector.html', false],
    ['buletin://pin/pin.html', false],
    ['buletin://app.example.org/', false],
    ['buletin://app', false],
    ['blob:https://example.org/1', false],
    ['buletin://app/index.html', true],
    ['blob:buletin://app/1-2-3', true],
  ])('of the main window asks for %s: %s', (url, allowed) => {
    expect(startHost().session('main').lets(url)).toBe(allowed);
  });

  it('of the PIN window asks for its own files alone', () => {
    const session = startHost().session('pin');
    expect(session.lets('buletin://pin/assets/pin.js')).toBe(true);
    expect(session.lets('blob:buletin://pin/1')).toBe(false);
    expect(session.lets('buletin://app/index.html')).toBe(false);
  });

  it('has a proxy that nobody listens at, for loopback too', () => {
    expect(startHost().session('main').proxy).toEqual({
      mode: 'fixed_servers',
      proxyRules: 'http://0.0.0.0:1',
      proxyBypassRules: '<-loopback>',
    });
  });
});

describe('the own scheme', () => {
  it('serves the built files with headers that forbid inline script and style', async () => {
    const rig = startHost();
    for (const [kind, url] of [
      ['main', 'buletin://app/index.html'],
      ['pin', 'buletin://pin/pin.html'],
    ] as const) {
      const answer = await rig.session(kind).fetch(url);
      expect(answer.status).toBe(200);
      expect(await answer.text()).toContain(`<title>${kind}</title>`);
      expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8');
      expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
      const policy = new Map(
        (answer.headers.get('content-security-policy') ?? '').split('; ').map((directive) => {
          const [name = '', ...values] = directive.split(' ');
          return [name, values.join(' ')];
        }),
      );
      expect(policy.get('default-src')).toBe("'none'");
      expect(policy.get('script-src')).toBe("'self'");
      expect(policy.get('style-src')).toBe("'self'");
      expect(policy.get('frame-ancestors')).toBe("'none'");
      expect(policy.get('base-uri')).toBe("'none'");
      expect(policy.get('form-action')).toBe("'none'");
      expect([...policy.values()].join(' ')).not.toMatch(/unsafe|\*|https?:/);
    }
    const script = await rig.session('main').fetch('buletin://app/assets/main-1a2b.js');
    expect(script.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
  });

  it.each([
    'buletin://app/pin.html',
    'buletin://app/secret.key',
    'buletin://app/missing.js',
    'buletin://app/../outside.json',
    'buletin://app/assets/../../outside.json',
    'buletin://app/%2e%2e/outside.json',
    'buletin://app/assets%2fmain-1a2b.js',
    'buletin://app/index.html?x=1',
    'buletin://app//index.html',
    'buletin://pin/index.html',
    'buletin://other/index.html',
    'https://app/index.html',
  ])('does not serve %s', async (url) => {
    const answer = await startHost().session('main').fetch(url);
    expect(answer.status).toBe(404);
    expect(await answer.text()).toBe('');
  });

  it('answers GET alone', async () => {
    const answer = await startHost().session('main').fetch('buletin://app/index.html', 'POST');
    expect(answer.status).toBe(404);
  });

  it('has no privilege to get around the policy', () => {
    const { recording } = startHost();
    expect(recording.schemes).toEqual([
      {
        scheme: 'buletin',
        privileges: {
          standard: true,
          secure: true,
          supportFetchAPI: true,
          bypassCSP: false,
          allowServiceWorkers: false,
          corsEnabled: false,
          allowExtensions: false,
        },
      },
    ]);
  });

  it('shows the PIN page in the PIN window only', async () => {
    const rig = startHost();
    rig.host.openPinWindow(somePrompt(), () => undefined);
    expect((await rig.session('pin').fetch('buletin://pin/index.html')).status).toBe(404);
    expect((await rig.session('pin').fetch('buletin://app/index.html')).status).toBe(404);
  });
});
