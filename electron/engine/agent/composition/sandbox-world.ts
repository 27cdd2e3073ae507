/** The simulated world of training, demo and tests: a reader with a simulated card, a certification authority, a portal. */
import { Failure } from '../../../contract/failures/failure.ts';
import type { PortalSettings } from '../../../contract/portal/settings.ts';
import type { Settings } from '../../../contract/settings.ts';
import { createSandboxCard, parseSandboxSpec, trainingPins } from '../../../sandbox/cards/index.ts';
import { sandboxPeople } from '../../../sandbox/people.ts';
import type { SandboxAuthority } from '../../../sandbox/pki/authority.ts';
import { SandboxPki } from '../../../sandbox/pki/sandbox-pki.ts';
import type { SandboxPortal } from '../../../sandbox/portal/sandbox-portal.ts';
import { InProcessReader, InProcessReaderService } from '../../readers/in-process.ts';
import { SandboxGround } from './training/ground.ts';
import type { World } from './world.ts';

/** Name of the simulated reader. */
const readerName = 'Buletin Simulated Reader';

/**
 * @param spec `CARD[:VARIANT][:PERSON]`, or `empty` for a reader without a card
 * @param portal a portal to use instead of the sandbox's own
 * @throws Failure `sandbox-unknown-card`
 */
export async function createSandboxWorld(
  spec: string,
  portal?: PortalSettings,
  settings?: Settings,
): Promise<World> {
  const { authority, timestampUrl } = await SandboxPki.start();
  const reader = new InProcessReader(readerName);
  const insert = async (card: string) => {
    const parsed = parseSandboxSpec(card);
    if (!parsed) throw new Failure('sandbox-unknown-card', { parameters: { card } });
    reader.insert(await createSandboxCard(parsed, authority));
  };
  if (spec !== 'empty') await insert(spec);
  let started: Promise<SandboxPortal> | undefined;
  const source: World['portal'] = async () => {
    if (portal) return portal;
    started ??= startPortal(authority);
    return (await started).settings;
  };
  const service = new InProcessReaderService([reader]);
  const training = new SandboxGround({ reader, service, authority, spec });
  /** As the exercise under way has it: the doctor meets the same portal. */
  const asTrained: World['portal'] = async () => training.portalSettings(await source());
  return {
    readers: service,
    portal: asTrained,
    training,
    doctor: async () => {
      const { doctorSurroundings } = await import('./doctor-surroundings.ts');
      const issuers = [authority.issuing.der, authority.root.der];
      const own = { portal: asTrained, simulated: true, issuers, timestampUrl };
      return doctorSurroundings(settings ? { ...own, settings } : own);
    },
    sandbox: { insert, remove: () => reader.remove(), pins: trainingPins },
  };
}

/** The portal's libraries are loaded when somebody signs in: looking at a card needs none of them. */
async function startPortal(authority: SandboxAuthority): Promise<SandboxPortal> {
  const { SandboxPortal } = await import('../../../sandbox/portal/sandbox-portal.ts');
  return SandboxPortal.start({ authority, people: sandboxPeople });
}
