import { type ReactNode, useId } from 'react';
import { Failed } from './Failed';
import { Loading } from './Loading';

interface SectionProps<T> {
  title: string;
  found: {
    data: T | undefined;
    isPending: boolean;
    isError: boolean;
    error: unknown;
    refetch: () => unknown;
  };
  children: (data: T) => ReactNode;
}

/** A titled part of a screen with its loading and failed state. */
export function Section<T>({ title, found, children }: SectionProps<T>) {
  const heading = useId();
  return (
    <section className="card stack" aria-labelledby={heading}>
      <h2 id={heading}>{title}</h2>
      {found.isPending && <Loading />}
      {found.isError && <Failed error={found.error} again={() => found.refetch()} />}
      {found.data !== undefined && children(found.data)}
    </section>
  );
}
