import { useSpeech } from '../messages';
import { Data } from './Data';
import { ageOf, dateOf, nameOf } from './format';

interface Somebody {
  family: string;
  given: string;
  middle?: string;
  birthDate: string | null;
  sex: string;
}

/** A birth date, always with the age. */
export function BirthDate({ value }: { value: string | null }) {
  const { language, t } = useSpeech();
  if (!value) return <span className="soft">{t('person.noBirthDate')}</span>;
  return (
    <span>
      * {dateOf(value, language)} ({t('person.age', { count: ageOf(value) })})
    </span>
  );
}

export function PersonName({ of }: { of: Somebody }) {
  const { t } = useSpeech();
  const name = nameOf(of);
  return name ? <Data>{name}</Data> : <em className="soft">{t('person.noName')}</em>;
}
