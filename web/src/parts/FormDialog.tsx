import { type FormEvent, type ReactNode, useState } from 'react';
import { Dialog } from './Dialog';
import { Failed } from './Failed';
import { useAction } from './useAction';

interface FormDialogProps {
  title: string;
  /** What the button that opens it says, and the one that sends; the title unless they say more. */
  opens?: string;
  sends?: string;
  act: (form: FormData) => Promise<unknown>;
  /** What is asked for anew afterwards. */
  topics: readonly string[];
  children: ReactNode;
}

/** A button that opens a form; what was sent well closes it. */
export function FormDialog({ title, opens = title, sends = title, act, topics, children }: FormDialogProps) {
  const [open, setOpen] = useState(false);
  const send = useAction(act, topics, () => setOpen(false));

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    send.mutate(new FormData(event.currentTarget));
  }
  function close() {
    setOpen(false);
    send.reset();
  }
  return (
    <div>
      <button type="button" aria-label={opens === title ? undefined : title} onClick={() => setOpen(true)}>
        {opens}
      </button>
      {open && (
        <Dialog title={title} onClose={close}>
          <form className="stack" onSubmit={submit}>
            {children}
            {send.isError && <Failed error={send.error} />}
            <button type="submit" className="primary" disabled={send.isPending}>
              {sends}
            </button>
          </form>
        </Dialog>
      )}
    </div>
  );
}
