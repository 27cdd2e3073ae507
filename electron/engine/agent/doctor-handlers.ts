/** What the agent answers about the doctor, which is loaded when somebody asks it. */
import type { DoctorReport } from '../../contract/diagnostics/doctor.ts';
import { explainShortCode } from '../../contract/diagnostics/short-code.ts';
import type { MethodName, MethodParams, MethodResult } from '../../contract/protocol/methods.ts';
import type { Doctor } from '../diagnostics/doctor/doctor.ts';
import type { DoctorSurroundings, DoctorWorld } from '../diagnostics/doctor/world.ts';
import { programVersion } from '../diagnostics/program-version.ts';
import type { ReaderService } from '../readers/reader-service.ts';
import type { CardHolder } from './held-card.ts';
import type { OperationContext } from './operations.ts';
import type { PortalSource } from './portal-access.ts';
import type { BundleExamination } from './report-handlers.ts';

export type { DoctorSurroundings } from '../diagnostics/doctor/world.ts';

type DoctorMethod = Extract<MethodName, `doctor.${string}`>;

export type DoctorHandlers = {
  [M in DoctorMethod]: (params: MethodParams<M>, context: OperationContext) => Promise<MethodResult<M>>;
};

export interface DoctorSources {
  readonly surroundings: () => Promise<DoctorSurroundings>;
  readonly readers: ReaderService;
  readonly holder: CardHolder;
}

/** The agent's doctor, made at its first use. */
export function lazyDoctor({ surroundings, readers, holder }: DoctorSources): () => Promise<Doctor> {
  let made: Promise<Doctor> | undefined;
  const readCard: DoctorWorld['readCard'] = async (reader) => {
    const { held, pins } = await holder.freshCard(reader);
    return { reader: held.reader, certificates: held.token.certificates, pins };
  };
  return () => {
    made ??= Promise.all([import('../diagnostics/doctor/doctor.ts'), surroundings()]).then(
      ([{ Doctor }, around]) => new Doctor({ ...around, readers, readCard }, programVersion()),
    );
    return made;
  };
}

export function doctorHandlers(doctor: () => Promise<Doctor>): DoctorHandlers {
  return {
    'doctor.run': async ({ reader, only }, { signal }): Promise<DoctorReport> =>
      (await doctor()).run({ reader, only, signal }),
    'doctor.explain': async ({ code }) => {
      const reading = explainShortCode(code);
      return { ...reading, causes: [...reading.causes] };
    },
    'doctor.fix': async (params, { signal }) => (await doctor()).fix(params, signal),
  };
}

/** What a doctor looks at when nobody says otherwise: this computer. */
export async function plainSurroundings(options: {
  readonly portal: PortalSource;
  readonly simulated: boolean;
}): Promise<DoctorSurroundings> {
  const { doctorSurroundings } = await import('./composition/doctor-surroundings.ts');
  return doctorSurroundings(options);
}

/** What the doctor finds, as a support bundle tells it: no names, no sentences. */
export async function examination(
  doctor: () => Promise<Doctor>,
  { signal }: OperationContext,
): Promise<BundleExamination> {
  const { findings, code } = await (await doctor()).run({ signal });
  const checks = findings.map(({ id, state, cause, durationMs }) => ({
    check: id,
    state,
    cause,
    ms: Math.round(durationMs),
  }));
  return { checks: checks.slice(0, 60), shortCode: code };
}
