/** What an agent is made of: where its cards and its portal come from, and what it tells whom. */
import type { ProgramLog } from '../diagnostics/log/program-log.ts';
import type { ModuleCall } from '../modules/module-calls.ts';
import type { ReaderService } from '../readers/reader-service.ts';
import type { DoctorSurroundings } from './doctor-handlers.ts';
import type { OpenCard } from './held-card.ts';
import type { PortalSource } from './portal-access.ts';
import type { Demonstrations } from './training/demonstrations.ts';
import type { TrainingGround } from './training/ground.ts';

/** The simulated world, where the agent was started with one. */
export interface SandboxControl {
  insert(card: string): Promise<void>;
  remove(): void;
  readonly pins: { PIN1: string; PIN2: string; PUK: string };
}

export interface AgentOptions {
  readonly readers: ReaderService;
  readonly portal: PortalSource;
  readonly sandbox?: SandboxControl;
  /** The simulated world of exercises, in training mode. */
  readonly training?: TrainingGround;
  /** Shows failures; loaded when the first is asked for. */
  readonly demonstrations?: () => Promise<Demonstrations>;
  /** Reads the card in a reader, where that does not go over a channel of `readers`. */
  readonly openCard?: OpenCard;
  /** Functions of the PKCS#11 module, where one is used, for whoever watches. */
  readonly watchModule?: (listener: (module: string, call: ModuleCall) => void) => () => void;
  /** Where the agent logs; absent: nowhere. */
  readonly log?: ProgramLog;
  /** Exact name of the reader to use; otherwise the first with a card. */
  readonly reader?: string;
  /** The connection key that clients must show; undefined on an inherited pipe. */
  readonly connectionKey?: string;
  /** What the doctor looks at beside readers and card; default: nothing of this computer. */
  readonly doctor?: () => Promise<DoctorSurroundings>;
  /** Called after `agent.stop` has been answered. */
  readonly onStop?: () => void;
}
