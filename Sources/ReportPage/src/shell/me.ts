import { createContext, useContext } from 'react';
import type { Me, Rights } from '../api/types';

export const MeContext = createContext<Me>({ user: '', via: 'session', namespaces: [] });

export const useMe = (): Me => useContext(MeContext);

const none: Rights = { ask: false, askForOthers: false, change: false, delete: false, schedule: false, send: false, readLogs: false };

export function rightsIn(me: Me, namespace: string): Rights {
    return me.namespaces.find(({ name }) => name === namespace)?.may ?? none;
}
