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
    name: 'worklist',
    title: 'frame.worklist',
    permission: 'imaging:view',
    listed: true,
    Component: lazy(() => import('../worklist/Worklist')),
  },
  {
    name: 'exposures',
    title: 'frame.exposures',
    permission: 'imaging:view',
    listed: true,
    Component: lazy(() => import('../exposures/Exposures')),
  },
  {
    name: 'jobs',
    title: 'frame.jobs',
    permission: 'imaging:view',
    listed: true,
    Component: lazy(() => import('../jobs/Jobs')),
  },
  {
    name: 'pacs',
    title: 'frame.pacs',
    permission: 'imaging:admin',
    listed: true,
    Component: lazy(() => import('../pacs/Pacs')),
  },
  {
    name: 'devices',
    title: 'frame.devices',
    permission: 'imaging:admin',
    listed: true,
    Component: lazy(() => import('../devices/Devices')),
  },
  {
    name: 'users',
    title: 'frame.users',
    permission: 'imaging:admin',
    listed: true,
    Component: lazy(() => import('../users/Users')),
  },
  {
    name: 'audit',
    title: 'frame.audit',
    permission: 'imaging:admin',
    listed: true,
    Component: lazy(() => import('../audit/Audit')),
  },
  {
    name: 'settings',
    title: 'frame.settings',
    permission: 'imaging:view',
    listed: true,
    Component: lazy(() => import('../settings/Settings')),
  },
];
