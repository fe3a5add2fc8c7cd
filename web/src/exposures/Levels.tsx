import { useQuery } from '@tanstack/react-query';
import { api, type Schemas, told } from '../api/client';
import { useMay } from '../frame/session';
import { useSpeech, useT } from '../messages';
import { Data } from '../parts/Data';
import { Failed } from '../parts/Failed';
import { FormDialog } from '../parts/FormDialog';
import { Section } from '../parts/Section';
import { useAction } from '../parts/useAction';
import { CATEGORIES, categoryKey } from '../parts/words';
import { field } from '../signin/form';

type Level = Schemas['LevelAnswer'];
type NewLevel = Schemas['LevelToSet'];

const TOPICS = ['levels', 'images'] as const;
const QUANTITIES = [
  ['dapMgycm2', 'mGy·cm²'],
  ['entranceMgy', 'mGy'],
  ['ctdivolMgy', 'mGy'],
  ['dlpMgycm', 'mGy·cm'],
] as const;
const AGES = ['children', 'adults'] as const;

/** The reference levels against which the clinic holds its medians; it says itself which ones hold. */
export function Levels() {
  const t = useT();
  const found = useQuery({ queryKey: ['levels'], queryFn: () => told(api.GET('/api/exposures/levels')) });
  const mayChange = useMay('imaging:admin');
  return (
    <Section title={t('levels.title')} found={found}>
      {({ items }) => (
        <>
          <p className="soft doses-lead">{t('levels.lead')}</p>
          {items.length > 0 && <Table levels={items} mayChange={mayChange} />}
          {mayChange && <SetLevel />}
        </>
      )}
    </Section>
  );
}

function Table({ levels, mayChange }: { levels: Level[]; mayChange: boolean }) {
  const { language, t } = useSpeech();
  const remove = useAction(
    (level: Level) =>
      told(api.DELETE('/api/exposures/levels/{level_id}', { params: { path: { level_id: level.id } } })),
    TOPICS,
  );
  return (
    <div className="wide">
      {remove.isError && <Failed error={remove.error} />}
      <table>
        <thead>
          <tr>
            <th scope="col">{t('patients.what')}</th>
            <th scope="col">{t('levels.ages')}</th>
            <th scope="col">{t('levels.quantity')}</th>
            <th scope="col" className="number">
              {t('doses.level')}
            </th>
            <th scope="col">{t('levels.source')}</th>
            {mayChange && <td />}
          </tr>
        </thead>
        <tbody>
          {levels.map((level) => (
            <tr key={level.id}>
              <td>{t(categoryKey(level.category))}</td>
              <td>{t(`levels.${level.ages}`)}</td>
              <td>{t(`doses.${level.quantity}`)}</td>
              <td className="number">
                {new Intl.NumberFormat(language).format(level.value)} {level.unit}
              </td>
              <td>
                <Data>{level.source}</Data>
              </td>
              {mayChange && (
                <td>
                  <button type="button" disabled={remove.isPending} onClick={() => remove.mutate(level)}>
                    {t('frame.remove')}
                  </button>
                </td>
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function SetLevel() {
  const t = useT();
  return (
    <FormDialog
      title={t('levels.set')}
      sends={t('frame.save')}
      topics={TOPICS}
      act={(form) => told(api.PUT('/api/exposures/levels', { body: levelOf(form) }))}
    >
      <label>
        {t('patients.what')}
        <select name="category">
          {CATEGORIES.map((one) => (
            <option key={one} value={one}>
              {t(categoryKey(one))}
            </option>
          ))}
        </select>
      </label>
      <label>
        {t('levels.ages')}
        <select name="ages">
          {AGES.map((one) => (
            <option key={one} value={one}>
              {t(`levels.${one}`)}
            </option>
          ))}
        </select>
      </label>
      <label>
        {t('levels.quantity')}
        <select name="quantity">
          {QUANTITIES.map(([quantity, unit]) => (
            <option key={quantity} value={quantity}>
              {t(`doses.${quantity}`)}, {unit}
            </option>
          ))}
        </select>
      </label>
      <label>
        {t('doses.level')}
        <input name="value" type="number" min="0" step="any" required />
      </label>
      <label>
        {t('levels.source')}
        <input name="source" required maxLength={200} placeholder={t('levels.example')} />
      </label>
    </FormDialog>
  );
}

/** What the form says; its choices are the API's own. */
function levelOf(form: FormData): NewLevel {
  return {
    category: field(form, 'category') as NewLevel['category'],
    ages: field(form, 'ages') as NewLevel['ages'],
    quantity: field(form, 'quantity') as NewLevel['quantity'],
    value: field(form, 'value'),
    source: field(form, 'source'),
  };
}
