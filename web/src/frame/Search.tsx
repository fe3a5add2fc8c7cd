import { useEffect, useId, useRef, useState } from 'react';
import { useT } from '../messages';
import { Data } from '../parts/Data';
import { useKeys } from '../parts/keys';
import { BirthDate, PersonName } from '../parts/Person';
import { useFound } from '../patients/useFound';
import { addressOf, navigate, usePlace } from './router';

/** One box that finds patients by name, ID or birth date; arrows choose, Enter opens. */
export function Search() {
  const t = useT();
  const [typed, setTyped] = useState('');
  const [at, setAt] = useState(0);
  const box = useRef<HTMLInputElement>(null);
  const list = useId();
  const place = usePlace();
  const found = useFound(typed);
  const people = typed.trim() ? (found.data?.items ?? []) : [];
  useKeys({ '/': () => box.current?.focus() });
  // biome-ignore lint/correctness/useExhaustiveDependencies: wherever one went, the list has done its work
  useEffect(() => setTyped(''), [place.screen, place.id]);

  function open(index: number) {
    const person = people[index];
    if (!person) return;
    setTyped('');
    box.current?.blur();
    navigate(addressOf('patients', person.id));
  }
  function pressed(event: React.KeyboardEvent) {
    if (event.key === 'ArrowDown') setAt((now) => Math.min(now + 1, people.length - 1));
    else if (event.key === 'ArrowUp') setAt((now) => Math.max(now - 1, 0));
    else if (event.key === 'Enter') open(at);
    else if (event.key === 'Escape') setTyped('');
    else return;
    event.preventDefault();
  }
  return (
    <search className="search">
      <input
        ref={box}
        type="search"
        role="combobox"
        aria-label={t('frame.search')}
        aria-expanded={people.length > 0}
        aria-controls={list}
        aria-autocomplete="list"
        aria-activedescendant={people.length > 0 ? `${list}-${at}` : undefined}
        placeholder={`${t('frame.search')} ( / )`}
        value={typed}
        maxLength={200}
        onChange={(event) => {
          setTyped(event.target.value);
          setAt(0);
        }}
        onKeyDown={pressed}
      />
      <div id={list} role="listbox" aria-label={t('frame.patients')} hidden={people.length === 0}>
        {people.map((person, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the box has the keys
          // biome-ignore lint/a11y/useFocusableInteractive: the box keeps the focus
          <div
            key={person.id}
            id={`${list}-${index}`}
            role="option"
            aria-selected={index === at}
            onClick={() => open(index)}
          >
            <strong>
              <PersonName of={person} />
            </strong>{' '}
            <BirthDate value={person.birthDate} />{' '}
            {person.identifiers[0] && <Data>{`#${person.identifiers[0].value}`}</Data>}
          </div>
        ))}
      </div>
    </search>
  );
}
