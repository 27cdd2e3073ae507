/**
 * The composition root: decides which readers, which portal and which world the agent lives in. The only product
 * code that may load the sandbox, and only when asked.
 */
import { Failure } from '../../../contract/failures/failure.ts';
import { readSettings } from '../../../contract/settings.ts';
import { choosePortal } from '../../portal/settings.ts';
import { PcscReaderService } from '../../readers/pcsc-service.ts';
import type { SurroundingsOptions } from './doctor-surroundings.ts';
import type { World } from './world.ts';

/**
 * @param options.sandbox `CARD[:VARIANT]`, or `empty`: simulated reader and portal instead of the real ones
 * @param options.settings path of the settings file
 * @param options.module path or name of a PKCS#11 module that shows the cards, in place of PC/SC
 * @param options.replay path of a trace that answers in place of cards
 * @param options.portal address of the portal to use, one of those in the settings
 * @throws Failure `settings-invalid`, `sandbox-unknown-card`, `portal-unknown`, `module-missing`,
 *   `trace-invalid`
 */
export async function compose(options: {
  sandbox?: string;
  settings?: string;
  portal?: string;
  module?: string;
  replay?: string;
}): Promise<World> {
  const settings = options.settings === undefined ? {} : readSettings(options.settings);
  const portal = choosePortal(settings, options.portal);
  if (options.sandbox !== undefined) {
    const { createSandboxWorld } = await import('./sandbox-world.ts');
    return createSandboxWorld(options.sandbox, portal, settings);
  }
  const realPortal: World['portal'] = async () => {
    if (portal) return portal;
    throw new Failure('portal-not-configured');
  };
  const doctor = doctorOf({ settings, portal: realPortal });
  if (options.replay !== undefined) {
    const { createReplayWorld } = await import('./replay-world.ts');
    const world = await createReplayWorld(options.replay, realPortal);
    // The card was at another computer: what this one has says nothing about it.
    return { ...world, doctor: doctorOf({ settings, portal: realPortal, simulated: true }) };
  }
  if (options.module !== undefined) {
    const { chooseModule, createModuleWorld } = await import('./module-world.ts');
    const world = createModuleWorld(options.module, settings, realPortal);
    const module = chooseModule(options.module, settings);
    return { ...world, doctor: doctorOf({ settings, portal: realPortal, module }) };
  }
  return { readers: new PcscReaderService(), portal: realPortal, doctor };
}

/** Loaded when somebody asks the doctor. */
export function doctorOf(options: SurroundingsOptions): NonNullable<World['doctor']> {
  return async () => (await import('./doctor-surroundings.ts')).doctorSurroundings(options);
}
