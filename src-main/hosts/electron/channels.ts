/** The channels between the main process and the preload: calls one way, pushed reports the other. */
export const channels = { call: 'sitepair:call', push: 'sitepair:push' } as const;
