/** The matcher's degrees of agreement as keys of the messages. */
import type { Key } from '../messages';

const LEVELS: Record<string, Key> = {
  same: 'level.same',
  'same but for how an umlaut is written': 'level.umlaut',
  'same, with fewer names on one side': 'level.shorter',
  nickname: 'level.nickname',
  'nearly the same': 'level.close',
  'one of several given names': 'level.oneOf',
  'one part shared': 'level.sharedPart',
  'initial only': 'level.initial',
  similar: 'level.similar',
  'first name shared, others differ': 'level.firstOnly',
  'month and day swapped': 'level.swapped',
  'one digit or letter differs': 'level.oneEdit',
  'one digit of the year differs': 'level.otherYear',
  'two digits differ': 'level.twoEdits',
  'same year only': 'level.sameYear',
  'same digits': 'level.sameDigits',
  'same, issuer not stated': 'level.sameUnissued',
  'same digits, issuer not stated': 'level.sameDigitsUnissued',
  'different, issuer not stated': 'level.otherUnissued',
  'from another issuer, says nothing': 'level.foreign',
  different: 'level.other',
  missing: 'level.missing',
  'before looking': 'level.before',
  'others counted': 'level.others',
  'step answered': 'level.stepAnswered',
  'verified before': 'level.verifiedBefore',
  'family and given name swapped': 'level.namesSwapped',
  'one component split at its comma': 'level.splitAtComma',
  'one component split between two words': 'level.splitBetweenWords',
  'wrongly decoded characters repaired': 'level.repaired',
};

export function levelKey(level: string): Key | null {
  return LEVELS[level] ?? null;
}
