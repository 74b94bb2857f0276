const faults: Readonly<Record<string, string>> = {
  ENOENT: 'does not exist',
  ENOTDIR: 'expected a folder, found a file',
  EACCES: 'cannot be read: permission denied',
  ELOOP: 'is a link that leads to itself',
};

/** Why a file or folder of a seed cannot be used, in words. The message of Node.js repeats the path and names a system call. */
export function fileFault(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === undefined) return message;
  return faults[code] ?? `cannot be read (${code})`;
}
