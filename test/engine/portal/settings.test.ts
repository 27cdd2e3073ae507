import { beforeAll, describe, expect, it } from 'vitest';
import { Failure } from '../../../electron/contract/failures/failure.ts';
import { portalSettingsSchema } from '../../../electron/contract/portal/settings.ts';
import { choosePortal, parsePortalSettings } from '../../../electron/engine/portal/settings.ts';
import { SandboxAuthority } from '../../../electron/sandbox/pki/authority.ts';

let valid: Record<string, unknown>;

beforeAll(async () => {
  const { root } = await SandboxAuthority.create();
  valid = {
    label: 'Portal',
    providerUrl: 'https://mpass.example',
    servicesUrl: 'https://services.example/portal/',
    trust: [root.pem],
    simulated: false,
  };
});

function refused(change: Record<string, unknown>): unknown {
  try {
    return parsePortalSettings({ ...valid, ...change });
  } catch (thrown) {
    return thrown instanceof Failure ? [thrown.code, thrown.parameters.field] : thrown;
  }
}

describe('the choice among portals', () => {
  const portal = (servicesUrl: string) =>
    portalSettingsSchema.parse({
      label: servicesUrl,
      providerUrl: 'https://mpass.example',
      servicesUrl,
      trust: ['-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----'],
      simulated: false,
    });
  const one = portal('https://one.example');
  const two = portal('https://two.example/e');
  const settings = { portal: one, portals: [two] };

  it('takes the first when none is named, and the one of the address when one is', () => {
    expect(choosePortal(settings)).toBe(one);
    expect(choosePortal({})).toBeUndefined();
    expect(choosePortal({ portals: [two] })).toBe(two);
    expect(choosePortal(settings, 'https://one.example/')).toBe(one);
    expect(choosePortal(settings, 'https://two.example/e')).toBe(two);
    expect(choosePortal(settings, 'https://TWO.example:443/e/')).toBe(two);
  });

  it.each([
    'https://three.example',
    'http://one.example',
    'https://one.example:444',
    'https://two.example',
    'https://one.example/?next=https://evil.example',
    'https://user@one.example/',
    'one.example',
    '',
  ])('takes no address that the settings do not have: "%s"', (address) => {
    expect(() => choosePortal(settings, address)).toThrow(
      expect.objectContaining({ code: 'portal-unknown', parameters: { portal: address } }),
    );
  });
});

describe('portal settings', () => {
  it('wait ten seconds for a sign of life unless told otherwise, and lose the slash at the end', () => {
    expect(parsePortalSettings(valid)).toMatchObject({
      servicesUrl: 'https://services.example/portal',
      timeouts: { connectMs: 10_000, silenceMs: 10_000, totalMs: 30_000 },
    });
  });

  it.each(['providerUrl', 'servicesUrl'])('send nothing in the clear: %s', (field) => {
    expect(refused({ [field]: 'http://mpass.example' })).toEqual(['portal-tls', field]);
    expect(refused({ [field]: 'HTTP://127.0.0.1:8080' })).toEqual(['portal-tls', field]);
    expect(refused({ [field]: 'ws://mpass.example' })).toEqual(['portal-tls', field]);
  });

  it.each([
    ['providerUrl', 'mpass.example'],
    ['providerUrl', 'https://user:secret@mpass.example'],
    ['providerUrl', 'https://mpass.example/?a=b'],
    ['servicesUrl', 'https://services.example/#part'],
    ['servicesUrl', undefined],
    ['trust', []],
    ['trust', undefined],
    ['label', ''],
    ['simulated', 'yes'],
  ])('do not fit: %s %s', (field, value) => {
    expect(refused({ [field]: value })).toEqual(['portal-not-configured', field]);
  });

  it('trust certificates only, and never nobody in particular', () => {
    expect(refused({ trust: ['-----BEGIN PRIVATE KEY-----\nAA==\n-----END PRIVATE KEY-----'] })).toEqual([
      'portal-not-configured',
      'trust.0',
    ]);
  });

  it('know no other keys, so that a misspelt one is noticed', () => {
    expect(refused({ rejectUnauthorized: false })).toEqual(['portal-not-configured', '']);
  });
});
