/** Runs `work` while this process alone holds `lockFile`, whose folder exists. */
export function exclusively<T>(lockFile: string, work: () => T | Promise<T>): Promise<T>;
