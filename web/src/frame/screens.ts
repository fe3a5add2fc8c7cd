/** The screens: each one's address, what it takes to see it, and its code, fetched when it is opened. */
import { type ComponentType, lazy } from 'react';
import type { Key } from '../messages';

export interface Screen {
  name: string;
  title: Key;
  permission: string;
  /** Whether it stands in the row of screens, or is reached from another one. */
  listed: boolean;
  Component: ComponentType<{ id: string }>;
}

export const SCREENS: readonly Screen[] = [
  {
    name: 'inbox',
    title: 'frame.inbox',
    permission: 'imaging:view',
    listed: true,
    Component: lazy(() => import('../inbox/Inbox')),
  },
  {
    name: 'patients',
    title: 'frame.patients',
    permission: 'imaging:view',
    listed: true,
    Component: lazy(() => import('../patients/Patients')),
  },
  {
    name: 'import',
    title: 'frame.import',
    permission: 'imaging:capture',
    listed: true,
    Component: lazy(() => import('../import/Import')),
  },
  {
    name: 'images',
    title: 'image.title',
    permission: 'imaging:view',
    listed: false,
    Component: lazy(() => import('../image/ImageScreen')),
  },
  {
    name: 'settings',
    title: 'frame.settings',
    permission: 'imaging:view',
    listed: true,
    Component: lazy(() => import('../settings/Settings')),
  },
];
