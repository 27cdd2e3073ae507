/**
 * The doctor without an agent, for when none can be started: goes by what the system says, loads nothing native, and
 * prints one report as JSON. `--code=CODE` is why there is no agent.
 */
import { parseArgs } from 'node:util';
import { type CheckId, checkIds } from '../../contract/diagnostics/causes.ts';
import { isFailure } from '../../contract/failures/failure.ts';
import { readSettings, type Settings } from '../../contract/settings.ts';
import { choosePortal } from '../portal/settings.ts';
import { serviceSocketPath } from '../readers/service-return.ts';
import { Doctor } from './doctor/doctor.ts';
import type { DoctorWorld } from './doctor/world.ts';
import { programVersion } from './program-version.ts';
import { NodeSystem } from './system/node-system.ts';

const { values } = parseArgs({
  options: { code: { type: 'string' }, settings: { type: 'string' }, only: { type: 'string' } },
});

/** The settings, or the field in which they are wrong. */
function settingsOrField(): Settings | string {
  try {
    return values.settings === undefined ? {} : readSettings(values.settings);
  } catch (thrown) {
    return isFailure(thrown, 'settings-invalid') ? String(thrown.parameters.field ?? 'JSON') : 'JSON';
  }
}

const settings = settingsOrField();
const usable: Settings = typeof settings === 'string' ? {} : settings;
const portal = choosePortal(usable);
const world: DoctorWorld = {
  system: new NodeSystem(),
  simulated: false,
  modules: usable.modules ?? [],
  serviceSocket: serviceSocketPath(),
  ...(usable.timestampUrl === undefined ? {} : { timestampUrl: usable.timestampUrl }),
  portal: async () => portal,
  ownTrouble:
    typeof settings === 'string'
      ? { kind: 'settings', parameter: settings }
      : { kind: 'agent', parameter: (values.code ?? 'agent-lost').slice(0, 60) },
};
const only = values.only?.split(',').filter((id): id is CheckId => checkIds.some((one) => one === id));
const report = await new Doctor(world, programVersion()).run(only === undefined ? {} : { only });
process.stdout.write(JSON.stringify(report));
