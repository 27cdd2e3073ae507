import { matchesAtr } from '../atr.ts';
import type { Pkcs15TokenInfo } from '../pkcs15/model.ts';
import esteid2018 from './esteid2018.json' with { type: 'json' };
import moldova2025 from './moldova-2025.json' with { type: 'json' };
import sandbox from './sandbox.json' with { type: 'json' };
import {
  type CardProfile,
  type LayoutProfile,
  type OverlayProfile,
  parseProfile,
  type RecognitionProfile,
} from './schema.ts';

/** The profiles that come with the program, checked when the module is loaded. */
export const knownProfiles: readonly CardProfile[] = [esteid2018, moldova2025, sandbox].map(parseProfile);

/**
 * Layout profiles whose ATR fits. An ATR is only a reason to look: the profile counts once its files have been
 * found by reading, and no PIN goes anywhere before.
 */
export function layoutsForAtr(
  atr: Uint8Array,
  profiles: readonly CardProfile[] = knownProfiles,
): LayoutProfile[] {
  return profiles.filter(
    (profile): profile is LayoutProfile =>
      profile.kind === 'layout' && profile.match.atr.some((pattern) => matchesAtr(pattern, atr)),
  );
}

/** The profile that knows this ATR as that of a card with a layout that is not public. */
export function recognise(
  atr: Uint8Array,
  profiles: readonly CardProfile[] = knownProfiles,
): RecognitionProfile | undefined {
  return profiles.find(
    (profile): profile is RecognitionProfile =>
      profile.kind === 'recognition' && profile.match.atr.some((pattern) => matchesAtr(pattern, atr)),
  );
}

/** The overlay for a card that describes itself, by its EF.TokenInfo. */
export function overlayFor(
  tokenInfo: Pkcs15TokenInfo | undefined,
  profiles: readonly CardProfile[] = knownProfiles,
): OverlayProfile | undefined {
  return profiles.find(
    (profile): profile is OverlayProfile =>
      profile.kind === 'overlay' && profile.match.manufacturer === tokenInfo?.manufacturer,
  );
}
