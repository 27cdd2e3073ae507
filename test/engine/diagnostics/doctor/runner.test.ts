/** A doctor must not die of the disease: whatever a check does, a finding comes of it. */
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { CheckId } from '../../../../electron/contract/diagnostics/causes.ts';
import { findingSchema } from '../../../../electron/contract/diagnostics/finding.ts';
import { allChecks } from '../../../../electron/engine/diagnostics/checks/all-checks.ts';
import type { Check, CheckAnswer } from '../../../../electron/engine/diagnostics/doctor/check.ts';
import { Doctor } from '../../../../electron/engine/diagnostics/doctor/doctor.ts';
import { runChecks } from '../../../../electron/engine/diagnostics/doctor/runner.ts';
import type { DoctorWorld } from '../../../../electron/engine/diagnostics/doctor/world.ts';
import { NodeSystem } from '../../../../electron/engine/diagnostics/system/node-system.ts';
import { AnswerInvalid, NotPermitted } from '../../../../electron/engine/diagnostics/system/system-view.ts';
import { examine, StillReaders, told } from '../../../faults/examination.ts';
import { FakeRoot } from '../../../faults/fake-root.ts';
import { needs } from '../../../run/needs.ts';

const world: DoctorWorld = {
  system: new NodeSystem(),
  simulated: false,
  modules: [],
  serviceSocket: undefined,
};

const check = (id: CheckId, run: Check['run'], budgetMs = 1_000): Check => ({ id, budgetMs, run });
const finds = (id: CheckId, ...answer: Exclude<CheckAnswer, string>) => check(id, async () => answer);
const states = async (...checks: Check[]) =>
  (await runChecks(checks, world)).map(({ id, state, reason }) => [id, state, reason ?? null]);

describe('a check', () => {
  it('that throws, hangs, answers garbage or may not look is a finding of its own', async () => {
    const garbage = [
      'nonsense',
      undefined,
      [{ cause: 'no-such-cause' }],
      [{ cause: '__proto__' }],
      // A cause of another check.
      [{ cause: 'card-mute' }],
      [{ cause: 'disk-full', fix: { kind: 'magic' } }],
      new Array(99).fill({ cause: 'disk-full' }),
    ];
    const findings = await runChecks(
      [
        check('D01', () => {
          throw new Error('at once');
        }),
        check('D02', async () => {
          throw new NotPermitted('EACCES');
        }),
        check('D03', async () => {
          throw new AnswerInvalid('systemctl');
        }),
        check('D04', () => new Promise(() => undefined), 50),
        ...garbage.map((answer) => check('D29', async () => answer as unknown as CheckAnswer)),
        finds('D11', { cause: 'card-mute', parameters: { reader: 'R' } }),
      ],
      world,
    );
    for (const finding of findings) findingSchema.parse(finding);
    const by = (id: CheckId) => findings.filter((finding) => finding.id === id);
    expect(by('D01')).toMatchObject([{ state: 'unknown', reason: 'internal' }]);
    expect(by('D02')).toMatchObject([{ state: 'unknown', reason: 'not-permitted' }]);
    expect(by('D03')).toMatchObject([{ state: 'unknown', reason: 'answer-invalid' }]);
    expect(by('D04')).toMatchObject([{ state: 'unknown', reason: 'timeout' }]);
    expect(by('D29').map(({ state }) => state)).toEqual(garbage.map(() => 'unknown'));
    // What was found comes first, whatever happened to the others.
    expect(findings[0]).toMatchObject({ id: 'D11', cause: 'card-mute' });
  });

  it('is told to stop when its time is over, and at the end', async () => {
    const stopped: string[] = [];
    const patient = (id: CheckId, budgetMs: number) =>
      check(
        id,
        async ({ signal }) => {
          await sleep(5_000, undefined, { signal }).catch(() => stopped.push(id));
          return [];
        },
        budgetMs,
      );
    expect(await states(patient('D05', 30), finds('D06'))).toEqual([
      ['D05', 'unknown', 'timeout'],
      ['D06', 'ok', null],
    ]);
    await sleep(5);
    expect(stopped).toEqual(['D05']);
  });

  it('names nothing that its cause does not declare, nothing long and nothing that acts on a terminal', async () => {
    const parameters = { reader: `A\u001b[31m\u202e${'x'.repeat(500)}`, host: 'secret.example' };
    const [finding] = await runChecks([finds('D11', { cause: 'card-mute', parameters })], world);
    expect(Object.keys(finding?.parameters ?? {})).toEqual(['reader']);
    const reader = String(finding?.parameters.reader);
    expect(reader).toHaveLength(120);
    expect(reader).not.toMatch(/\p{Cc}|\u202e/u);
  });
});

describe('what is told', () => {
  it('is the true cause, not what follows from it', async () => {
    const findings = await runChecks(
      [
        finds('D06', { cause: 'reader-not-connected' }),
        finds('D02', { cause: 'service-disabled' }),
        finds('D11', { cause: 'card-not-inserted' }),
        finds('D29', { cause: 'disk-low', parameters: { megabytes: 200 } }),
      ],
      world,
    );
    expect(told(findings)).toEqual(['service-disabled', 'disk-low']);
    expect(findings.find(({ id }) => id === 'D06')).toMatchObject({
      state: 'not-applicable',
      because: 'service-disabled',
      cause: null,
    });
  });

  it('leaves dates and certificates to the clock, and servers to the network', async () => {
    const expired = { cause: 'certificate-expired', parameters: { date: '2020-01-01' } } as const;
    const wrong = { cause: 'clock-wrong', parameters: { seconds: 9_000, host: 'a.example' } } as const;
    expect(told(await runChecks([finds('D20', expired), finds('D21', wrong)], world))).toEqual([
      'clock-wrong',
    ]);
    const net = finds(
      'D22',
      { cause: 'ocsp-unreachable' },
      { cause: 'portal-silent' },
      { cause: 'network-none' },
    );
    expect(told(await runChecks([net], world))).toEqual(['network-none']);
  });

  it('has no notice explain anything', async () => {
    const found = await runChecks(
      [
        finds('D22', { cause: 'portal-slow' }, { cause: 'ocsp-unreachable' }),
        finds('D29', { cause: 'disk-low' }),
      ],
      world,
    );
    expect(told(found)).toEqual(['ocsp-unreachable', 'portal-slow', 'disk-low']);
  });
});

describe('all checks', () => {
  it('are D01 to D30, once each', () => {
    const expected = Array.from({ length: 30 }, (_, at) => `D${String(at + 1).padStart(2, '0')}`);
    expect(allChecks.map(({ id }) => id)).toEqual(expected);
  });

  it('are findings when nothing of the system answers as it should', async () => {
    const system = new NodeSystem({ platform: 'linux' });
    const names = [
      'bytes',
      'text',
      'list',
      'link',
      'exists',
      'run',
      'socket',
      'freeBytes',
      'lookup',
    ] as const;
    for (const ill of [
      () => Promise.reject(new Error('ill')),
      () => Promise.reject(new NotPermitted('EACCES')),
      () => {
        throw new TypeError('ill');
      },
      async () => ({}),
      async () => null,
      async () => '\u0000'.repeat(10_000),
      () => new Promise(() => undefined),
    ]) {
      for (const name of names) Object.assign(system, { [name]: ill });
      const readers = StillReaders.failing('service-absent');
      const findings = await examine({ ...world, system, readers, serviceSocket: '/run/x', quietPort: 9 });
      expect(new Set(findings.map(({ id }) => id)).size).toBe(30);
    }
  });

  it.skipIf(!needs('linux') || !needs('unprivileged'))('say so when files may not be read', async () => {
    const root = new FakeRoot();
    try {
      root.forbid('/sys/bus/usb/devices').forbid('/var/lib/dpkg/status');
      const findings = await examine({
        ...world,
        system: root.system(),
        readers: StillReaders.showing(),
        serviceSocket: undefined,
      });
      const reasons = findings
        .filter(({ state }) => state === 'unknown')
        .map(({ id, reason }) => `${id} ${reason}`);
      expect(reasons).toContain('D06 not-permitted');
      expect(reasons).toContain('D30 not-permitted');
    } finally {
      root.allow('/sys/bus/usb/devices');
      await root.dispose();
    }
  });
});

describe.skipIf(!needs('linux'))('a change', () => {
  const heldByGnupg = (root: FakeRoot): DoctorWorld => ({
    ...world,
    system: root.process(78, 'scdaemon', ['/dev/bus/usb/001/005']).system(),
    readers: StillReaders.showing(),
  });
  const gnupg = { id: 'D08', cause: 'gnupg-holds-reader' } as const;
  const signal = new AbortController().signal;

  it('is exactly what was shown: two lines in one file of the user’s, and one command', async () => {
    const root = new FakeRoot();
    try {
      root.program('/usr/bin/gpgconf', `rm -r ${root.folder}/proc/78 && echo "$@" > ${root.folder}/asked`);
      root.write('/home/ana/.gnupg/scdaemon.conf', 'card-timeout 5\npcsc-shared\n');
      const doctor = new Doctor(heldByGnupg(root), '0.1.0');
      const result = await doctor.fix({ ...gnupg, lines: ['disable-ccid', 'pcsc-shared'] }, signal);
      expect(result.solved).toBe(true);
      const system = root.system();
      // What was there stays, and nothing is there twice.
      expect(await system.text('/home/ana/.gnupg/scdaemon.conf')).toBe(
        'card-timeout 5\npcsc-shared\ndisable-ccid\n',
      );
      expect(await system.text('/asked')).toBe('--kill scdaemon\n');
    } finally {
      await root.dispose();
    }
  });

  it('is not made when the check would do another by now, or the program may not', async () => {
    const root = new FakeRoot();
    try {
      const doctor = new Doctor(heldByGnupg(root), '0.1.0');
      const outcome = (change: Parameters<Doctor['fix']>[0]): Promise<string> =>
        doctor.fix(change, signal).then(
          () => 'done',
          (refusal: { code: string }) => refusal.code,
        );
      expect(await outcome({ ...gnupg, lines: ['disable-ccid'] })).toBe('doctor-fix-none');
      const evil = ['sudo rm -rf /'];
      expect(await outcome({ id: 'D02', cause: 'service-disabled', lines: evil })).toBe('doctor-fix-none');
      expect(await outcome({ ...gnupg, id: 'D02', lines: ['x'] })).toBe('doctor-fix-none');
      expect(await root.system().exists('/home/ana/.gnupg')).toBe(false);
    } finally {
      await root.dispose();
    }
  });

  it('that the system refuses says so', async () => {
    const root = new FakeRoot();
    try {
      root.program('/usr/bin/gpgconf', 'exit 2');
      const doctor = new Doctor(heldByGnupg(root), '0.1.0');
      await expect(
        doctor.fix({ ...gnupg, lines: ['disable-ccid', 'pcsc-shared'] }, signal),
      ).rejects.toMatchObject({
        code: 'doctor-fix-failed',
        parameters: { reason: 'gpgconf 2' },
      });
    } finally {
      await root.dispose();
    }
  });
});
