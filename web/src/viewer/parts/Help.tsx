import { useEffect, useRef } from 'react';
import { type Command, keyOf, keysFor } from '../keys';
import { useWords } from '../words';

/** The keys that do something here. */
export function Help({ offered, close }: { offered: ReadonlySet<Command>; close: () => void }) {
  const { say } = useWords();
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    dialog.current?.showModal();
  }, []);
  return (
    <dialog ref={dialog} className="viewer-help" aria-label={say('help')} onClose={close}>
      <h2>{say('help')}</h2>
      <dl>
        {keysFor(offered).map(({ command }) => (
          <div key={command}>
            <dt>
              <kbd>{keyOf(command)}</kbd>
            </dt>
            <dd>{say(`do.${command}`)}</dd>
          </div>
        ))}
      </dl>
      <button type="button" onClick={() => dialog.current?.close()}>
        {say('close')}
      </button>
    </dialog>
  );
}
