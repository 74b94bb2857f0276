/** Runs `work` while this process holds `lockFile`, whose folder must exist. */
export function exclusively<T>(lockFile: string, work: () => T | Promise<T>): Promise<T>;
