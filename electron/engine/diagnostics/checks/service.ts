/** D01 to D04: the card service is there, runs, understands us and lets us in. */

import type { CheckId } from '../../../contract/diagnostics/causes.ts';
import { causes } from '../../../contract/diagnostics/causes.ts';
import { isFailure } from '../../../contract/failures/failure.ts';
import type { Check, CheckContext, Observation } from '../doctor/check.ts';
import { failedWith } from '../doctor/facts.ts';
import { installCommand, packageName } from '../system/packages.ts';
import { unitState } from '../system/service-unit.ts';
import { byAdministrator, byPerson } from './fixes.ts';
import { confinement, sessionKind } from './session.ts';

const daemons = ['/usr/sbin/pcscd', '/usr/bin/pcscd', '/usr/local/sbin/pcscd', '/usr/libexec/pcscd'];

const restart = 'systemctl restart pcscd.socket pcscd.service';
const enable = 'systemctl enable --now pcscd.socket';

/** The one reason why the service cannot be used; undefined when it can. */
function whyNoService(context: CheckContext): Promise<Observation | undefined> {
  return context.facts.remember('why no service', () => find(context));
}

async function find({ facts, system, signal }: CheckContext): Promise<Observation | undefined> {
  const { running, failure, socket } = await facts.service();
  if (running) {
    // It let us establish a context, and refuses the card.
    if (!failedWith(await facts.card(), 'service-refused')) return undefined;
    return { cause: 'card-access-refused', parameters: { session: sessionKind(system) } };
  }
  // Our own part is missing (D29): nothing is known of the service.
  if (isFailure(failure, 'native-missing')) return undefined;
  if (isFailure(failure, 'service-mismatch')) return { cause: 'service-version-mismatch' };
  if (system.platform !== 'linux') return undefined;
  const kind = await confinement(system);
  if (kind !== undefined && socket !== 'listening')
    return { cause: 'app-sandboxed', parameters: { package: kind } };
  if (socket === 'forbidden') return { cause: 'service-socket-forbidden' };
  if (isFailure(failure, 'service-refused')) {
    return { cause: 'service-access-refused', parameters: { session: sessionKind(system) } };
  }
  // The socket takes connections, and nobody answers on them.
  if (socket === 'listening') return { cause: 'service-hangs', fix: byAdministrator(restart) };
  const installed = (await Promise.all(daemons.map((daemon) => system.exists(daemon)))).includes(true);
  if (!installed) {
    const family = await facts.family();
    const packages = [packageName('service', family), packageName('driver', family)];
    return {
      cause: 'service-not-installed',
      parameters: { package: packages.join(', ') },
      fix: byPerson(installCommand(family, ...packages)),
    };
  }
  const [unit, daemon] = await Promise.all([
    unitState(system, 'pcscd.socket', signal),
    unitState(system, 'pcscd.service', signal),
  ]);
  if (unit?.load === 'masked' || daemon?.load === 'masked') {
    return {
      cause: 'service-masked',
      fix: byAdministrator('systemctl unmask pcscd.socket pcscd.service', enable),
    };
  }
  if (unit?.active === 'failed' || daemon?.active === 'failed') {
    return {
      cause: 'service-failed',
      fix: byAdministrator('systemctl reset-failed pcscd.socket pcscd.service', restart),
    };
  }
  if (socket === 'dead') return { cause: 'service-socket-dead', fix: byAdministrator(restart) };
  if (unit?.file === 'disabled') return { cause: 'service-disabled', fix: byAdministrator(enable) };
  return {
    cause: 'service-not-running',
    fix: unit === undefined ? byPerson('sudo pcscd') : byAdministrator(enable),
  };
}

const check = (id: CheckId): Check => ({
  id,
  budgetMs: 2_600,
  real: true,
  run: async (context) => {
    const found = await whyNoService(context);
    return found !== undefined && causes[found.cause].check === id ? [found] : [];
  },
});

export const serviceChecks: readonly Check[] = (['D01', 'D02', 'D03', 'D04'] as const).map(check);
